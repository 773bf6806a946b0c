"""What the tests of the mlp command share: running it, and a case with a folder of its own."""
import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

MLP = os.path.abspath(os.environ.get("MLP_COMMAND", "mlp"))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIGITS = os.path.join(ROOT, "examples", "data", "digits.csv")


def small_files():
    """In the child: a file may have 200 bytes, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))


def table(text):
    return list(csv.reader(io.StringIO(text)))


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mlp-test-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run_mlp(self, *arguments, expect=0, **more):
        """Runs mlp in the test's folder; the exit status must be `expect`."""
        environment = dict(os.environ, LC_ALL="C.UTF-8")
        environment.pop("TERM", None)
        done = subprocess.run([MLP, *arguments], cwd=self.folder.name, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **more)
        self.assertEqual(done.returncode, expect,
                         "%s\n%s\n%s" % (arguments, done.stdout.decode(errors="replace"),
                                         done.stderr.decode(errors="replace")))
        return done.stdout.decode(), done.stderr.decode()

    def start(self, *arguments, **more):
        """Starts mlp and waits until it has trained an epoch: the first line on stderr says so."""
        process = subprocess.Popen([MLP, *arguments], cwd=self.folder.name,
                                   env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
        self.addCleanup(process.stderr.close)
        line = process.stderr.readline().decode()
        self.assertRegex(line, r"^epoch 1/")
        return process

    def json_lines(self, *arguments, **more):
        out, _ = self.run_mlp(*arguments, "--json", **more)
        return [json.loads(line, parse_constant=self.fail) for line in out.splitlines()]


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
