"""Signals while the mlp command writes: no half of a file stays, and what was there before is there still."""
import os
import resource
import signal
import unittest

import make_data
from support import DIGITS, CommandTest, main

OLD = "what was there before\n"


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


if __name__ == "__main__":
    main()
