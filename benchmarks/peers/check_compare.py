"""Runs compare.py on a tiny network with whichever peers are there, and with one that crashes, one that
says nothing and one that is wrong: python3 check_compare.py FOLDER_OF_PEERS_TXT"""
import json
import os
import subprocess
import sys
import tempfile
import xml.dom.minidom

HERE = os.path.dirname(os.path.abspath(__file__))
# Answers as a peer does: "losses" with wrong ones, anything else as the argument says.
FAKE = """
import sys
print("ready fake", flush=True)
for line in sys.stdin:
    word = line.split()[0]
    if word == "time":
        if sys.argv[1] == "crash":
            sys.exit("the fake has fallen")
        if sys.argv[1] == "silent":
            continue
    print({"losses": "losses" + " 1" * 10, "eta": "eta", "time": "time 1 2 3"}[word], flush=True)
"""


def add_fakes(folder):
    script = os.path.join(folder, "fake.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(FAKE)
    with open(os.path.join(folder, "peers.txt"), "a", encoding="utf-8") as file:
        for kind in ("wrong", "crash", "silent"):
            file.write(f"{kind}\trun\t{sys.executable}\t{script}\t{kind}\n")
        file.write("absent\trun\t/nonexistent\nunbuilt\tskip\tno such package\n")


def compare(folder, *arguments):
    return subprocess.run([sys.executable, "-B", os.path.join(HERE, "compare.py"), "--build", folder,
                           *arguments], capture_output=True, text=True)


def check_peer(name, peer):
    if "skipped" in peer:
        assert peer["skipped"], name
        return
    assert peer["agrees"] is (None if name == "fann" else True), (name, peer)
    assert 0 < peer["step_us"] <= peer["step_us_median"], name
    assert 0 < peer["forward_us"] <= peer["forward_us_median"], name
    assert peer["step_ratio"] > 0 and peer["step_ratio_paired"] > 0, name


def check_peers(build, folder):
    """All that CMake built, against the JSON, the table and the drawing."""
    out, drawing = os.path.join(folder, "out.json"), os.path.join(folder, "out.svg")
    process = compare(build, "--quick", "--rounds", "1", "--seconds", "0.001", "--cells",
                      "7-5-3/4/2", "--json", out, "--svg", drawing)
    assert process.returncode == 0, process.stdout + process.stderr
    with open(out, encoding="utf-8") as file:
        report = json.load(file)
    with open(os.path.join(build, "peers.txt"), encoding="utf-8") as file:
        names = {line.split("\t")[0] for line in file} - {"make-problem", "libmlp"}
    assert set(report["names"]) == names, (report["names"], names)
    assert [(c["net"], c["batch"], c["workers"]) for c in report["cells"]] == [("7-5-3", 4, 2)]
    for cell in report["cells"]:
        assert set(cell["peers"]) == names
        assert len(cell["libmlp"]["losses"]) == 10 and cell["libmlp"]["step_us"] > 0
        assert "skipped" not in cell["peers"]["plain"] and cell["best_peer"] in names
        for name, peer in cell["peers"].items():
            check_peer(name, peer)
            assert "skipped" not in peer or f"{name} skipped: " in process.stdout
    xml.dom.minidom.parse(drawing)


def check_bad_peers(build, folder):
    """What goes wrong is said by name, and the others are measured all the same."""
    with open(os.path.join(build, "peers.txt"), encoding="utf-8") as file:
        lines = file.read()
    with open(os.path.join(folder, "peers.txt"), "w", encoding="utf-8") as file:
        file.write(lines)
    add_fakes(folder)
    process = compare(folder, "--quick", "--rounds", "1", "--seconds", "0.001", "--timeout", "2",
                      "--cells", "6-5-1/3/1", "--peers", "plain,wrong,crash,silent,absent,unbuilt")
    assert process.returncode == 1, process.stdout + process.stderr
    for line in ("  plain agrees", "  wrong DOES NOT AGREE",
                 "crash skipped: ended with status 1: the fake has fallen",
                 "silent skipped: no answer in 2 s", "absent skipped: cannot start",
                 "unbuilt skipped: no such package"):
        assert line in process.stdout, (line, process.stdout)


def check_refusals(build):
    for arguments, named in [(["--cells", "7x5/1/1"], "'7x5/1/1'"), (["--cells", "7-0/1/1"], "'7-0/"),
                             (["--peers", "nobody"], "'nobody'"), (["--seconds", "0"], "'0'"),
                             (["--rounds", "-1"], "--rounds"), (["--rounds", "0"], "--rounds"),
                             (["--cells", ""], "--cells"), (["--peers", "plain,"], "--peers")]:
        process = compare(build, *arguments)
        assert process.returncode != 0 and named in process.stderr, (arguments, process.stderr)


with tempfile.TemporaryDirectory() as scratch:
    check_peers(sys.argv[1], scratch)
    check_bad_peers(sys.argv[1], scratch)
check_refusals(sys.argv[1])
