"""A disk that is really full, and a folder that really cannot be written: the mlp command says so in a line, with
status 1, and leaves what was there. Needs the right to mount; without it, in a name space of its own; else skipped."""
import os
import subprocess
import sys
import tempfile
import unittest

import make_data
from support import MLP

OLD = b"what was there before\n"
WAYS = (["train", "houses.csv", "-e", "2", "-q", "-H", "64", "-o", "%s/old"],
        ["train", "houses.csv", "-e", "2", "-q", "-H", "64", "-o", "new.model", "--checkpoint", "%s/old"],
        ["train", "houses.csv", "-e", "2", "-q", "-o", "new.model", "--report", "%s/old"],
        ["predict", "houses.model", "houses.csv", "-o", "%s/old"],
        ["predict", "houses.model", "houses.csv", "--json", "-o", "%s/old"],
        ["eval", "houses.model", "houses.csv", "-q", "--report", "%s/old"],
        ["export", "houses.model", "--format", "c", "-o", "%s/old"],
        ["export", "houses.model", "--format", "npz", "-o", "%s/old"],
        ["export", "houses.model", "--format", "csv", "-o", "%s/old"],
        ["export", "houses.model", "--format", "safetensors", "-o", "%s/old"])


class Disks(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="mlp-test-")
        self.addCleanup(place.cleanup)
        self.folder = place.name
        self.disk = os.path.join(place.name, "disk")
        os.mkdir(self.disk)
        make_data.houses(os.path.join(self.folder, "houses.csv"))
        self.mlp(0, "train", "houses.csv", "-e", "2", "-q", "-H", "64", "-o", "houses.model")

    def mlp(self, status, *arguments):
        done = subprocess.run([MLP, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=120)
        self.assertEqual(done.returncode, status, (arguments, done.stderr.decode()))
        return done.stderr.decode()

    def mount(self, *arguments):
        subprocess.run(["mount", *arguments, self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)

    def refuse_all(self, words):
        for way in WAYS:
            with self.subTest(way=way):
                errors = self.mlp(1, *[word % "disk" if "%s" in word else word for word in way])
                self.assertIn(words, errors)
                self.assertIn("disk/old", errors)
                lines = [line for line in errors.splitlines() if "is in" not in line and "go on with" not in line]
                self.assertEqual(len(lines), 1, errors)
                self.assertEqual([name for name in os.listdir(self.disk) if name != "filler"], ["old"])
                with open(os.path.join(self.disk, "old"), "rb") as file:
                    self.assertEqual(file.read(), OLD)

    def test_a_full_disk(self):
        self.mount("-t", "tmpfs", "-o", "size=64k", "tmpfs")
        with open(os.path.join(self.disk, "old"), "wb") as file:
            file.write(OLD)
        with open(os.path.join(self.disk, "filler"), "wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)) == 4096:
                    pass
            except OSError:
                pass
        self.refuse_all("No space left on device")

    def test_a_read_only_folder(self):
        self.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs")
        with open(os.path.join(self.disk, "old"), "wb") as file:
            file.write(OLD)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.disk], check=True)
        self.refuse_all("Read-only file system")


def may_mount():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0 and subprocess.run(["umount", folder], check=False).returncode == 0


if __name__ == "__main__":
    try:
        if not may_mount():
            if "inside" in sys.argv or subprocess.run(["unshare", "-rm", "true"], stderr=subprocess.DEVNULL,
                                                      check=False).returncode != 0:
                print("skipped: nothing can be mounted here")
                sys.exit(77)
            os.execvp("unshare", ["unshare", "-rm", sys.executable, "-B", __file__, "inside"])
    except FileNotFoundError:
        print("skipped: no mount or unshare here")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
