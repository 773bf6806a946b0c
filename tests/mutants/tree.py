"""A copy of the source in which mutants are built and tested."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import operators

DOES_NOT_BUILD = "does not build"
LIVES = "LIVES"
LEFT_OUT = re.compile(r"consumer_|abi_|torch_|peers?_|mutants")  # they look at other things than numbers and errors
OF_TOOLS_ALONE = re.compile(r"test_tools_|tools_|command_")  # what can notice a change of tools/data
OF_LIBRARY = re.compile(r"(?!test_tools_|tools_)")  # and of src
MISFIT = re.compile(r"\[-W(int-conversion|incompatible-pointer-types|discarded-qualifiers|int-in-bool-context)")
MEMORY = 8 << 30  # a mutant may ask for any
FILE = 8 << 30


def limits(memory):
    def set_limits():
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):  # which a shell may have ignored
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    return set_limits


class Test:
    def __init__(self, name, command, environment, folder, build):
        self.name, self.command, self.environment, self.folder = name, command, environment, folder
        words = command + list(environment.values())
        self.needs = [os.path.relpath(word, build) for word in words
                      if word.startswith(f"{build}/") and not os.path.isdir(word)]
        self.seconds = 0.0

    @classmethod
    def described(cls, entry, build):
        """From what ctest says of it, which it does of programs that are there."""
        environment, folder = {}, str(build)
        for item in entry.get("properties", []):
            if item["name"] == "ENVIRONMENT":
                environment = dict(pair.split("=", 1) for pair in item["value"])
            elif item["name"] == "WORKING_DIRECTORY":
                folder = item["value"]
        return cls(entry["name"], entry["command"], environment, folder, build)

    def moved(self, build, to):
        """The same in another build folder."""
        def there(text):
            return text.replace(f"{build}/", f"{to}/")
        moved = Test(self.name, [there(word) for word in self.command],
                     {key: there(value) for key, value in self.environment.items()},
                     there(f"{self.folder}/"), to)
        moved.seconds = 20 * self.seconds  # to be watched takes longer
        return moved

    def run(self, most, memory):
        """None: it passed; else how it failed."""
        child = subprocess.Popen(self.command, cwd=self.folder, env={**os.environ, **self.environment},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=limits(memory))
        try:
            code = child.wait(most)
        except subprocess.TimeoutExpired:
            code = None
        try:
            os.killpg(child.pid, signal.SIGKILL)  # with what it started and left behind
        except ProcessLookupError:
            pass
        child.wait()
        if code is None:
            return "hangs"
        return None if code == 0 else "skipped" if code == 77 else f"exit {code}"


def command(*words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)


class Build:
    """A build folder of a tree, and tests."""

    def __init__(self, source, folder, memory, *options):
        self.folder, self.memory, self.tests = folder, memory, []
        if not (folder / "build.ninja").exists():
            options += ("-DMLP_TESTS=ON", "-DMLP_BENCHMARKS=OFF", "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON")
            if shutil.which("ccache"):
                options += ("-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
            made = command("cmake", "-S", str(source), "-B", str(folder), "-G", "Ninja", *options)
            if made.returncode != 0:
                raise SystemExit(made.stdout)

    def make(self, targets, jobs=1):
        return command("ninja", "-C", str(self.folder), f"-j{jobs}", *targets)

    def make_tests(self, tests, jobs=1):
        return self.make(sorted({need for test in tests for need in test.needs}), jobs)

    def try_tests(self, tests):
        """What kills the mutant that is built; None: nothing."""
        for test in tests:
            failure = test.run(20 + 5 * test.seconds, self.memory)
            if failure is not None and failure != "skipped":
                return f"{test.name}: {failure}"
        return None


class Tree:
    def __init__(self, root, folder):
        self.root, self.folder, self.left_out = root, folder, {}
        self.plain = self.sanitized = None

    def copy(self):
        """What git knows, as it is now; files that are the same stay as old as they are."""
        listed = command("git", "-C", str(self.root), "ls-files", "-z").stdout
        for name in filter(None, listed.split("\0")):
            source, target = self.root / name, self.folder / name
            if not source.is_file():
                continue
            if not target.exists() or target.read_bytes() != source.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
                shutil.copymode(source, target)

    def prepare(self, jobs, like):
        """Builds it, and takes from one of the trees how long each test takes; those that fail are left out."""
        self.copy()
        self.plain = Build(self.folder, self.folder / "build/test", MEMORY, "-DCMAKE_BUILD_TYPE=Release")
        built = self.plain.make([], jobs)
        if built.returncode != 0:
            raise SystemExit(built.stdout)
        shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=self.plain.folder,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        self.plain.tests = [Test.described(entry, self.plain.folder) for entry in json.loads(shown)["tests"]
                            if not LEFT_OUT.match(entry["name"])]
        record = Path(like.folder / "seconds.json")
        seconds = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
        for test in self.plain.tests:
            if test.name not in seconds:
                begin = time.monotonic()
                failure = test.run(300, MEMORY)
                seconds[test.name] = failure or time.monotonic() - begin
        record.write_text(json.dumps(seconds, indent=1), encoding="utf-8")
        for test in self.plain.tests:
            if isinstance(seconds[test.name], str):
                self.left_out[test.name] = seconds[test.name]
            else:
                test.seconds = seconds[test.name]
        self.plain.tests = sorted((t for t in self.plain.tests if t.name not in self.left_out),
                                  key=lambda t: t.seconds)

    def prepare_sanitized(self):
        if self.sanitized is None:
            self.sanitized = Build(self.folder, self.folder / "build/asan", resource.RLIM_INFINITY,
                                   "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DMLP_SANITIZE=address,undefined")
            self.sanitized.tests = [test.moved(self.plain.folder, self.sanitized.folder)
                                    for test in self.plain.tests]

    def try_mutant(self, mutant, closest, tools_only, goes_on):
        path = self.folder / mutant.path
        source = path.read_text(encoding="utf-8")
        path.write_text(operators.apply(source, mutant), encoding="utf-8")
        try:
            return self.judge(mutant, closest, tools_only, goes_on)
        finally:
            path.write_text(source, encoding="utf-8")

    def judge(self, mutant, closest, tools_only, goes_on):
        near = [test for test in self.plain.tests if closest.match(test.name)]
        built = self.plain.make_tests(near)
        if "error:" not in built.stdout and built.returncode != 0:
            raise RuntimeError(built.stdout)
        misfit = [line for line in built.stdout.splitlines() if mutant.path in line and MISFIT.search(line)]
        if built.returncode != 0 or misfit:
            return DOES_NOT_BUILD
        killer = self.plain.try_tests(near)
        if killer is not None or not goes_on:
            return killer or LIVES
        far = OF_TOOLS_ALONE if tools_only else OF_LIBRARY
        rest = [test for test in self.plain.tests if test not in near and far.match(test.name)]
        if self.plain.make_tests(rest).returncode != 0:
            return DOES_NOT_BUILD
        return self.plain.try_tests(rest) or self.try_sanitized(closest) or LIVES

    def try_sanitized(self, closest):
        """Bytes beyond an array do no harm but where somebody watches: the closest tests once more."""
        self.prepare_sanitized()
        near = [test for test in self.sanitized.tests if closest.match(test.name)]
        if self.sanitized.make_tests(near).returncode != 0:
            return None
        killer = self.sanitized.try_tests(near)
        return killer and f"sanitizers: {killer}"
