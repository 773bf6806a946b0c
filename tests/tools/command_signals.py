"""Signals while the mlp command writes: no half of a file stays, and what was there before is there still."""
import os
import resource
import signal
import subprocess
import time
import unittest

import make_data
from support import DIGITS, MLP, CommandTest, main

OLD = "what was there before\n"
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
ATTEMPTS = 10  # to meet the command at work


def small_files_by_signal():
    """In the child: a file may have 1024 bytes, and the system's signal for more is as it is in a shell."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))


class FileSizeLimit(CommandTest):
    def test_a_file_over_the_limit_of_the_process_is_told_as_any_other_failure(self):
        make_data.houses(self.path("houses.csv"), rows=400)
        self.run_mlp("train", "houses.csv", "-e", "1", "-q", "-H", "64", "-o", "model")
        before = sorted(os.listdir(self.folder.name) + ["old"])
        for arguments in (["train", DIGITS, "-e", "1", "-q", "-o", "old"],
                          ["predict", "model", "houses.csv", "-o", "old"],
                          ["export", "model", "--format", "c", "-o", "old"],
                          ["export", "model", "--format", "npz", "-o", "old"]):
            with self.subTest(arguments=arguments):
                self.write("old", OLD)
                _, errors = self.run_mlp(*arguments, expect=1, preexec_fn=small_files_by_signal)
                self.assertIn("File too large", errors)
                self.assertEqual(errors.count("\n"), 1, errors)
                self.assertEqual(self.read("old").decode(), OLD)
                self.assertEqual(sorted(os.listdir(self.folder.name)), before)


def signals_as_ever():
    """In the child: a shell ignores some of them for what runs in the background."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class Ends(CommandTest):
    def has_temporary(self):
        return any(name.endswith(".tmp") for name in os.listdir(self.folder.name))

    def end_while_writing(self, arguments, number):
        """The status; None if the command was done before the signal came."""
        process = subprocess.Popen([MLP, *arguments], cwd=self.folder.name, preexec_fn=signals_as_ever)
        while process.poll() is None and not self.has_temporary():
            time.sleep(0.001)
        process.send_signal(number)
        status = process.wait(timeout=120)
        return status if status != 0 else None

    def meet_while_writing(self, arguments, number, file):
        """Tries until the signal comes while `file`, which is there, is being replaced."""
        for _ in range(ATTEMPTS):
            self.write(file, OLD)
            status = self.end_while_writing(arguments, number)
            if status is not None:
                break
        self.assertEqual(status, -number)

    def test_a_signal_leaves_no_temporary_file_and_the_old_file(self):
        make_data.houses(self.path("houses.csv"), rows=400)
        head, rows = self.read("houses.csv").decode().split("\n", 1)
        self.run_mlp("train", "houses.csv", "-e", "1", "-q", "-o", "model")
        self.write("many.csv", head + "\n" + rows * 1000)
        before = sorted(os.listdir(self.folder.name) + ["old.csv"])
        for number in SIGNALS:
            with self.subTest(number=number):
                self.meet_while_writing(["predict", "model", "many.csv", "-o", "old.csv"], number, "old.csv")
                self.assertEqual(self.read("old.csv").decode(), OLD)
                self.assertEqual(sorted(os.listdir(self.folder.name)), before)

    def test_a_signal_while_the_library_writes_a_model_comes_when_it_is_whole(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        wide = ["-H", "2000,2000"]  # 16 MB of parameters, which take a moment
        self.run_mlp("train", "houses.csv", "-e", "1", "-q", *wide, "-o", "model")
        before = sorted(os.listdir(self.folder.name) + ["new"])
        for number in SIGNALS:
            for arguments in (["export", "model", "--format", "safetensors", "-o", "new"],
                              ["train", "houses.csv", "-e", "1", "-q", *wide, "-o", "new"]):
                with self.subTest(number=number, arguments=arguments):
                    self.meet_while_writing(arguments, number, "new")
                    self.run_mlp("info", "new")
                    self.assertEqual(sorted(os.listdir(self.folder.name)), before)


if __name__ == "__main__":
    main()
