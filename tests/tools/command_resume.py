"""Interruption: a checkpoint, the command that resumes, and the same bits as without."""
import json
import os
import re
import shlex
import signal
import subprocess
import time

import make_data
from support import MLP, CommandTest, main

SETTINGS = ["-t", "kind", "--dropout", "0.3", "--hidden", "64,32", "--schedule", "cosine",
            "--patience", "0", "--batch", "8"]


class Resume(CommandTest):
    def setUp(self):
        super().setUp()
        make_data.flowers(self.path("flowers.csv"), rows=600)

    def interrupt(self, arguments, epochs, number=signal.SIGINT):
        """Starts mlp, sends a signal once so many epochs are over; its last JSON line."""
        process = subprocess.Popen([MLP, *arguments, "--json"], cwd=self.folder.name,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = []
        for line in process.stdout:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "epoch" and lines[-1]["epoch"] == epochs:
                process.send_signal(number)
        errors = process.stderr.read().decode()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(), 130, errors)
        self.assertEqual(lines[-1]["event"], "interrupted")
        return lines[-1]

    def test_resumed_training_ends_in_the_same_bits(self):
        self.run_mlp("train", "flowers.csv", *SETTINGS, "-e", "300", "-q", "-j", "1",
                     "--out", "whole.safetensors")
        arguments = ["train", "flowers.csv", *SETTINGS, "-e", "300", "--out", "parts.safetensors"]
        first = self.interrupt(arguments + ["-j", "2"], 3)
        self.assertFalse(os.path.exists(self.path("parts.safetensors")))
        self.assertLess(first["epochs"], 300)
        again = shlex.split(first["resume"])
        self.assertEqual(again[-1], "--resume")
        second = self.interrupt(again[1:], first["epochs"] + 4, signal.SIGTERM)
        self.assertGreater(second["epochs"], first["epochs"])
        self.assertEqual(second["resume"].count("--resume"), 1)
        out, _ = self.run_mlp(*[word for word in again[1:] if word != "--json"], "-j", "1")
        self.assertIn("going on after %d epochs" % second["epochs"], out)
        self.assertIn("removed parts.safetensors.checkpoint", out)
        self.assertFalse(os.path.exists(self.path("parts.safetensors.checkpoint")))
        self.assertEqual(self.read("parts.safetensors"), self.read("whole.safetensors"))

    def test_the_message_gives_a_command_for_the_shell(self):
        make_data.flowers(self.path("it's here.csv"), rows=600)
        process = subprocess.Popen([MLP, "train", "it's here.csv", *SETTINGS, "-e", "1000000"],
                                   cwd=self.folder.name, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        errors = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 130)
        command = re.search(r"^mlp: go on with: (.*)$", errors, re.MULTILINE).group(1)
        self.assertEqual(shlex.split(command)[1:],
                         ["train", "it's here.csv", *SETTINGS, "-e", "1000000", "--resume"])

    def test_a_kept_checkpoint_goes_on_to_more_epochs(self):
        fixed = ["train", "flowers.csv", "-t", "kind", "--patience", "0", "-q",
                 "--checkpoint", "kept.checkpoint"]
        self.run_mlp(*fixed, "-e", "5", "--out", "five.safetensors", "--checkpoint-every", "3")
        self.run_mlp(*fixed, "-e", "9", "--out", "nine.safetensors", "--resume")
        self.assertTrue(os.path.exists(self.path("kept.checkpoint")))
        self.run_mlp("train", "flowers.csv", "-t", "kind", "--patience", "0", "-q", "-e", "9",
                     "--out", "whole.safetensors")
        self.assertEqual(self.read("nine.safetensors"), self.read("whole.safetensors"))

    def test_a_checkpoint_of_other_settings_is_refused_by_name(self):
        fixed = ["train", "flowers.csv", "-t", "kind", "-q", "--checkpoint", "c"]
        self.run_mlp(*fixed, "-e", "2")
        for more, words in ((["--batch", "5"], "batch 32, this command has 5"),
                            (["--eta", "0.5"], "eta 0.001, this command has 0.5"),
                            (["--seed", "7"], "seed 1, this command has 7"),
                            (["--hidden", "3"], "network"),
                            (["--dropout", "0.5"], "dropout nothing, this command has 0.5"),
                            (["--optimizer", "sgd"], "optimizer"),
                            (["--f64"], "element_type"),
                            (["-v", "0"], "training_rows")):
            with self.subTest(more=more):
                _, errors = self.run_mlp(*fixed, "-e", "4", "--resume", *more, expect=3)
                self.assertIn(words, errors)
                self.assertEqual(errors.count("\n"), 1, errors)
        make_data.flowers(self.path("flowers.csv"), rows=600, seed=99)
        _, errors = self.run_mlp(*fixed, "-e", "4", "--resume", expect=3)
        self.assertIn("training_rows_checksum", errors)
        self.run_mlp("train", "flowers.csv", "-t", "kind", "-q", "-e", "2", "-o", "m")
        _, errors = self.run_mlp("train", "flowers.csv", "-t", "kind", "-q", "-e", "4", "--resume",
                                 "--checkpoint", "m", expect=3)


if __name__ == "__main__":
    main()
