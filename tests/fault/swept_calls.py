"""Which public calls can reach the allocators, by the calls and addresses in the library's own code: they must be
those that the sweep has in its table, and no call that it takes for quiet may be among them.

    swept_calls.py LIBMLP TEST_SWEEP SYMBOLS"""
import collections
import re
import shutil
import subprocess
import sys

if shutil.which("objdump") is None:
    print("skipped: no objdump")
    sys.exit(77)
library, sweep, symbols = sys.argv[1:]
text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", library], stdout=subprocess.PIPE, check=True,
                      encoding="utf-8").stdout
uses, function = collections.defaultdict(set), None
for line in text.splitlines():
    begin = re.match(r"[0-9a-f]+ <(.+)>:$", line)
    if begin:
        function = begin.group(1)
        continue
    for name in re.findall(r"<([A-Za-z_][\w.]*)(?:@plt)?(?:\+0x[0-9a-f]+)?>", line):
        if name != function:
            uses[function].add(name)


def reaches(start):
    seen, todo = {start}, [start]
    while todo:
        for name in uses[todo.pop()]:
            if name == "mlp_allocate" or (name.startswith("json_") and name != "json_delete"):
                return True
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return False


def stem(name):
    return re.sub(r"_f(32|64)$", "", name)


with open(symbols, encoding="ascii") as file:
    allocating = {stem(name) for name in file.read().split() if reaches(name)}
listed = subprocess.run([sweep, "list"], stdout=subprocess.PIPE, check=True, encoding="ascii").stdout
swept = {line.split()[0] for line in listed.splitlines()}
print("%d calls can allocate, %d are swept" % (len(allocating), len(swept)))
for name in sorted(allocating - swept):
    print("%s can allocate and is not swept: see tests/fault/swept.c" % name)
for name in sorted(swept - allocating):
    print("%s is swept and does not allocate: this look at the library is blind" % name)
sys.exit(allocating != swept)
