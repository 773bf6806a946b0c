"""The n-th allocation, or call of the system, fails while the mlp command is at work, once and from then on: it ends
with a documented status and one line, never by a signal; what it says it has written is whole; what was there before
is there still, and no temporary file beside it.

    command_faults.py [all]     every n; otherwise a share of them that takes seconds"""
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import make_data
from make_data import idx, npy
from support import MLP

FAULTS = os.environ.get("MLP_FAULTS", "")
EVERY_N = "all" in sys.argv[1:]
OLD = b"what was there before\n"

# Files that a command reads, its arguments, the files that it writes (all but the model of train exist before).
COMMANDS = {
    "train": (["train", "houses.csv", "-e", "2", "-o", "new.model", "--report", "new.html", "--checkpoint",
               "new.checkpoint", "-j", "1"], ["new.model", "new.html", "new.checkpoint"]),
    "train quietly": (["train", "images-idx3", "--labels", "labels-idx1", "-e", "1", "-q", "-v", "0", "-o", "new.model",
                       "-j", "2"], ["new.model"]),
    "resume": (["train", "houses.csv", "-e", "3", "-o", "new.model", "--checkpoint", "kept.checkpoint", "--resume",
                "--json"], ["new.model", "kept.checkpoint"]),
    "predict csv": (["predict", "houses.model", "houses.csv", "-o", "new.csv", "--domain"], ["new.csv"]),
    "predict stdout": (["predict", "flowers.model", "flowers.csv.gz", "-p"], []),
    "predict json": (["predict", "flowers.model", "flowers.csv.gz", "--json", "-o", "new.json"], ["new.json"]),
    "predict npy": (["predict", "plain.model", "x.npy", "-o", "new.npy"], ["new.npy"]),
    "eval": (["eval", "houses.model", "houses.csv", "--report", "new.html"], ["new.html"]),
    "eval json": (["eval", "flowers.model", "flowers.csv.gz", "--json"], []),
    "info": (["info", "houses.model"], []),
    "info json": (["info", "flowers.model", "--json"], []),
    "check": (["check", "houses.csv", "-H", "3"], []),
    "export c": (["export", "houses.model", "-o", "new.c"], ["new.c"]),
    "export npz": (["export", "houses.model", "-o", "new.npz"], ["new.npz"]),
    "export csv": (["export", "houses.model", "-o", "new.csv"], ["new.csv"]),
    "export folded": (["export", "houses.model", "-o", "new.safetensors"], ["new.safetensors"]),
    "completion": (["completion", "bash"], []),
}

# What fails: the calls, how, whether from then on too, and the statuses that may come of it.
KINDS = {
    "memory": ("memory", errno.ENOMEM, (False, True), {0, 1}),
    "input/output error": ("open,read,write,close,fsync,rename,stat,fchmod", errno.EIO, (False, True), {0, 1, 3}),
    "disk full": ("open,write,fsync,close,rename", errno.ENOSPC, (False, True), {0, 1, 3}),
    "interrupted": ("open,read,write,close,fsync", errno.EINTR, (False,), {0, 1, 3}),
    "short": ("read,write", 0, (False, True), {0}),
}

RESCUE = ("mlp: all that was learned is in ", "mlp: what was saved before is in ", "mlp: go on with: ")


def masked(text):
    """What differs from run to run: times."""
    return re.sub(rb"\d+(\.\d+)? (ms|s|min)\b|\"(rows_per_)?seconds?\": ?[-+.e\d]+|<b>[^<]*s</b>", b"TIME", text)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # in memory where that can be had: there are thousands of files
        cls.place = tempfile.TemporaryDirectory(prefix="mlp-test-",
                                                dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        cls.addClassCleanup(cls.place.cleanup)
        cls.inputs = os.path.join(cls.place.name, "inputs")
        cls.log = os.path.join(cls.place.name, "log")
        os.mkdir(cls.inputs)
        make_data.houses(cls.path("houses.csv"), rows=20)
        make_data.flowers(cls.path("flowers.csv"), rows=21, labels=("setosa", "väri", "c"))
        with open(cls.path("images-idx3"), "wb") as file:
            file.write(idx((12, 2, 2), [n * 7 % 256 for n in range(48)]))
        with open(cls.path("labels-idx1"), "wb") as file:
            file.write(idx((12,), [n % 2 for n in range(12)]))
        with open(cls.path("x.npy"), "wb") as file:
            file.write(npy((6, 2), [float(n) for n in range(12)]))
        with open(cls.path("xy.npy"), "wb") as file:
            file.write(npy((6, 3), [float(n * n % 7) + 0.5 for n in range(18)]))
        subprocess.run(["gzip", "-n", "flowers.csv"], cwd=cls.inputs, check=True)
        for arguments in (["houses.csv", "-o", "houses.model", "-e", "2", "-H", "3"],
                          ["flowers.csv.gz", "-o", "flowers.model", "-e", "1", "-H", "3"],
                          ["xy.npy", "-o", "plain.model", "-e", "1", "-H", "3"]):
            subprocess.run([MLP, "train", "-q", *arguments], cwd=cls.inputs, check=True)
        # a training of three epochs that was stopped after two has the plan of three
        process = subprocess.Popen([MLP, "train", "houses.csv", "-e", "2", "-o", "other.model", "--checkpoint",
                                    "kept.checkpoint", "-q"], cwd=cls.inputs)
        assert process.wait() == 0
        os.unlink(cls.path("other.model"))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.inputs, name)

    def run_once(self, name, calls, nth, on, error):
        """Runs a command in a new folder: status, output, complaints, the files then, those it began with, which
        call failed, how many there were."""
        arguments, written = COMMANDS[name]
        if os.path.exists(self.log):
            os.unlink(self.log)
        with tempfile.TemporaryDirectory(dir=self.place.name) as folder:
            for file in os.listdir(self.inputs):
                shutil.copy(self.path(file), folder)
            for file in written:
                if file.startswith("new."):
                    with open(os.path.join(folder, file), "wb") as old:
                        old.write(OLD)
            environment = dict(os.environ, LC_ALL="C.UTF-8", LD_PRELOAD=FAULTS, MLP_FAULT_CALLS=calls,
                               MLP_FAULT_NTH=str(nth), MLP_FAULT_ON="1" if on else "", MLP_FAULT_ERROR=str(error),
                               MLP_FAULT_LOG=self.log, OPENBLAS_NUM_THREADS="1")
            environment.pop("TERM", None)
            begun = self.files(folder)
            done = subprocess.run([MLP, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)
            ended = self.files(folder)
        log = {}
        if os.path.exists(self.log):
            with open(self.log, encoding="ascii") as file:
                log = dict(line.split() for line in file)
        return done.returncode, done.stdout, done.stderr.decode(), ended, begun, log.get("hit"), int(log.get("calls", 0))

    @staticmethod
    def files(folder):
        found = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
        return found

    def check(self, name, statuses, right, result):
        """`result` of run_once() against the one without a fault."""
        status, out, errors, files, begun, _, _ = result
        written = COMMANDS[name][1]
        self.assertIn(status, statuses, errors)
        lines = [line for line in errors.splitlines() if line.startswith("mlp: ") and
                 not line.startswith("mlp: warning") and not line.startswith(RESCUE)]
        rescued = {"new.model.checkpoint"} if "mlp: all that was learned is in new.model.checkpoint" in errors else set()
        self.assertEqual(set(files) - rescued, set(begun), errors)
        if status == 0:
            self.assertEqual(lines, [])
            self.assertEqual(masked(out), masked(right[1]))
            for file in written:
                self.assertEqual(masked(files[file]), masked(right[3][file]), file)
        else:
            self.assertEqual(len(lines), 1, errors)
        for file in begun:
            if file not in written:
                self.assertEqual(files[file], begun[file], file)
            elif file != "kept.checkpoint" and not file.endswith(".checkpoint") and files[file] != begun[file]:
                # of a model the first version, without its results, may be there
                if file == "new.model":
                    self.assertGreater(len(files[file]), 200)
                    self.check_loads(files[file])
                else:
                    self.assertEqual(masked(files[file]), masked(right[3][file]), file)
            elif file.endswith(".checkpoint") and files[file] not in (OLD, begun[file]):
                self.check_loads(files[file])

    def check_loads(self, contents):
        with tempfile.NamedTemporaryFile(dir=self.place.name) as file:
            file.write(contents)
            file.flush()
            subprocess.run([MLP, "info", file.name], check=True, stdout=subprocess.DEVNULL)

    def sweep(self, kind):
        calls, error, ways, statuses = KINDS[kind]
        ran = 0
        for name in COMMANDS:
            right = self.run_once(name, calls, 0, False, error)
            self.assertEqual(right[0], 0, (name, right[2]))
            count = right[6]
            self.assertGreater(count, 0)
            for on in ways:
                # one in `step`, beginning with another for each command and way
                step = 1 if EVERY_N else max(1, count // SHARE[kind])
                for nth in range(1 + (len(name) + on) % step, count + 1, step):
                    with self.subTest(command=name, nth=nth, on=on):
                        result = self.run_once(name, calls, nth, on, error)
                        ran += 1
                        self.assertIsNotNone(result[5], "no fault")
                        self.check(name, statuses, right, result)
        print("%s: %d runs" % (kind, ran), file=sys.stderr)


# Of each command and way so many n are tried in the ordinary suite.
SHARE = {"memory": 3, "input/output error": 3, "disk full": 2, "interrupted": 2, "short": 1}

for sort in KINDS:
    setattr(Faults, "test_" + re.sub(r"\W", "_", sort), lambda self, kind=sort: self.sweep(kind))

if __name__ == "__main__":
    if not os.path.exists(FAULTS):
        print("skipped: MLP_FAULTS names no library to preload")
        sys.exit(77)
    only = [argument for argument in sys.argv[1:] if argument != "all"]
    unittest.main(argv=sys.argv[:1] + only, verbosity=2)
