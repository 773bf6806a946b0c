"""Interruption: a checkpoint, the command that resumes, and the same bits as without."""
import fcntl
import itertools
import json
import os
import re
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time

import make_data
from support import MLP, CommandTest, main

SETTINGS = ["-t", "kind", "--dropout", "0.3", "--hidden", "64,32", "--schedule", "cosine",
            "--patience", "0", "--batch", "8"]


class Resume(CommandTest):
    def setUp(self):
        super().setUp()
        make_data.flowers(self.path("flowers.csv"), rows=600)

    def start_json(self, arguments, **more):
        """Starts mlp with a pipe of 18 lines or so: it cannot be far ahead of who reads them, however late that is."""
        process = subprocess.Popen([MLP, *arguments, "--json"], cwd=self.folder.name, bufsize=0,
                                   stdout=subprocess.PIPE, **more)
        if sys.platform == "linux":
            fcntl.fcntl(process.stdout, getattr(fcntl, "F_SETPIPE_SZ", 1031), 4096)
        return process

    def interrupt(self, arguments, epochs, number=signal.SIGINT):
        """Starts mlp, sends a signal once so many epochs are over; its last JSON line."""
        process = self.start_json(arguments, stderr=subprocess.PIPE)
        lines = []
        for line in process.stdout:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "epoch" and lines[-1]["epoch"] == epochs:
                process.send_signal(number)
        errors = process.stderr.read().decode()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(), 128 + number, errors)
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
        self.assertEqual(again[1:3], ["train", "--resume"])
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
        process = self.start("train", "it's here.csv", *SETTINGS, "-e", "1000000")
        process.send_signal(signal.SIGINT)
        errors = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 130)
        command = re.search(r"^mlp: go on with: (.*)$", errors, re.MULTILINE).group(1)
        self.assertEqual(shlex.split(command)[1:],
                         ["train", "--resume", "it's here.csv", *SETTINGS, "-e", "1000000"])

    def test_every_signal_that_asks_for_an_end_leaves_a_checkpoint(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                process = self.start("train", "flowers.csv", *SETTINGS, "-e", "1000000", "-o", "m")
                process.send_signal(number)
                process.stderr.read()
                self.assertEqual(process.wait(), 128 + number)
                self.read("m.checkpoint")
                os.unlink(self.path("m.checkpoint"))

    def test_of_data_from_standard_input_the_message_says_to_give_it_again(self):
        with open(self.path("flowers.csv"), "rb") as data:
            process = self.start("train", "-", *SETTINGS, "-e", "1000000", stdin=data)
        process.send_signal(signal.SIGINT)
        errors = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 130)
        self.assertIn("the same data on standard input again", errors)
        self.run_mlp("train", "--resume", "-", *SETTINGS, "-e", "1000", expect=3,
                     input=self.read("flowers.csv")) # which had another end for the cosine

    def test_an_interruption_is_told_in_full_through_a_pipe_that_is_full(self):
        # more lines than a pipe holds, and nobody reads until the signal is sent
        process = subprocess.Popen([MLP, "train", "flowers.csv", *SETTINGS, "-e", "1000000", "--json",
                                    "--checkpoint", "c", "--out", "m"],
                                   cwd=self.folder.name, stdout=subprocess.PIPE)
        while not os.path.exists(self.path("c")):
            time.sleep(0.01)
        size = fcntl.ioctl(process.stdout.fileno(), termios.FIONREAD, b"\0" * 4)
        while True: # the pipe is full when it no longer grows
            time.sleep(0.05)
            again = fcntl.ioctl(process.stdout.fileno(), termios.FIONREAD, b"\0" * 4)
            if again == size and struct.unpack("i", size)[0] > 10000:
                break
            size = again
        process.send_signal(signal.SIGINT)
        lines = [json.loads(line) for line in process.stdout]
        process.stdout.close()
        self.assertEqual(process.wait(), 130)
        self.assertEqual(lines[-1]["event"], "interrupted")
        self.assertEqual([line["epoch"] for line in lines[1:-1]], list(range(1, len(lines) - 1)))

    def test_killed_training_goes_on_from_its_checkpoint(self):
        self.run_mlp("train", "flowers.csv", *SETTINGS, "-e", "100", "-q", "--out", "whole")
        arguments = ["train", "flowers.csv", *SETTINGS, "-e", "100", "--checkpoint", "c",
                     "--checkpoint-every", "25", "--out", "parts"]
        for _ in range(3):
            more = ["--resume"] if os.path.exists(self.path("c")) else []
            process = self.start_json([*arguments, *more])
            events = (json.loads(line)["event"] for line in process.stdout)
            list(itertools.islice((event for event in events if event == "epoch"), 7))
            process.kill()
            process.stdout.close()
            self.assertEqual(process.wait(), -signal.SIGKILL)
            self.assertFalse(os.path.exists(self.path("parts")))
        self.run_mlp(*arguments, "--resume", "-q")
        self.assertEqual(self.read("parts"), self.read("whole"))

    def test_interrupted_training_is_saved_where_the_reader_of_its_log_is_gone(self):
        for stream, more in ("stderr", []), ("stdout", ["--json"]):
            for number, status in (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129):
                with self.subTest(stream=stream, number=number):
                    process = subprocess.Popen(
                        [MLP, "train", "flowers.csv", *SETTINGS, "-e", "1000000", "-o", "m", *more],
                        cwd=self.folder.name, **{"stdout": subprocess.DEVNULL,
                                                 "stderr": subprocess.DEVNULL,
                                                 stream: subprocess.PIPE})
                    log = getattr(process, stream)
                    for line in log:
                        if line.startswith((b"epoch", b'{"event":"epoch"')):
                            break
                    log.close()
                    process.send_signal(number)
                    self.assertEqual(process.wait(timeout=120), status)
                    os.remove(self.path("m.checkpoint"))

    def test_training_ends_well_where_nobody_reads_its_log(self):
        process = subprocess.Popen([MLP, "train", "flowers.csv", *SETTINGS, "-e", "50", "-o", "m"],
                                   cwd=self.folder.name, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        process.stderr.close()
        self.assertEqual(process.wait(timeout=120), 0)
        self.run_mlp("info", "m")

    def test_checkpoint_every_alone_saves_at_the_usual_place(self):
        process = self.start("train", "flowers.csv", *SETTINGS, "-e", "1000000", "-o", "m",
                             "--checkpoint-every", "5")
        process.kill()
        process.wait()
        self.assertTrue(os.path.exists(self.path("m.checkpoint")))
        self.run_mlp("train", "--resume", "flowers.csv", *SETTINGS, "-e", "1000000", "-o", "m",
                     "--checkpoint-every", "5", "--batch", "9", expect=3)

    def test_a_checkpoint_of_another_training_is_told(self):
        self.write("m.checkpoint", "left")
        _, errors = self.run_mlp("train", "flowers.csv", "-t", "kind", "-e", "2", "-o", "m")
        self.assertIn("warning: m.checkpoint is of another training", errors)

    def test_an_interruption_keeps_the_checkpoint_of_another_training(self):
        for more in [], ["--checkpoint-every", "100000"]:
            with self.subTest(more=more):
                self.write("m.checkpoint", "left")
                process = subprocess.Popen(
                    [MLP, "train", "flowers.csv", *SETTINGS, "-e", "1000000", "-o", "m", *more],
                    cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                told = b""
                for line in process.stderr:
                    told += line
                    if b"epoch 1/" in line:
                        break
                process.send_signal(signal.SIGINT)
                told += process.communicate(timeout=120)[1]
                self.assertEqual(process.returncode, 130)
                self.assertIn(b"it is m.checkpoint.old now", told)
                self.assertEqual(self.read("m.checkpoint.old"), b"left")
                self.run_mlp("info", "m.checkpoint")
                os.remove(self.path("m.checkpoint.old"))

    def test_a_kept_checkpoint_goes_on_to_more_epochs(self):
        fixed = ["train", "flowers.csv", "-t", "kind", "--patience", "0", "-q",
                 "--checkpoint", "kept.checkpoint"]
        self.run_mlp(*fixed, "-e", "5", "--out", "five.safetensors", "--checkpoint-every", "3")
        self.run_mlp(*fixed, "-e", "9", "--out", "nine.safetensors", "--resume")
        self.assertTrue(os.path.exists(self.path("kept.checkpoint")))
        self.run_mlp("train", "flowers.csv", "-t", "kind", "--patience", "0", "-q", "-e", "9",
                     "--out", "whole.safetensors")
        self.assertEqual(self.read("nine.safetensors"), self.read("whole.safetensors"))

    def test_fewer_epochs_than_are_done_are_refused(self):
        fixed = ["train", "flowers.csv", "-t", "kind", "-q", "--checkpoint", "c"]
        self.run_mlp(*fixed, "-e", "5")
        before = self.read("c")
        _, errors = self.run_mlp(*fixed, "-e", "3", "--resume", expect=2)
        self.assertIn("c: has done 5 epochs, more than --epochs 3", errors)
        self.assertEqual(self.read("c"), before)

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
        make_data.flowers(self.path("flowers.csv"), rows=500, seed=99)
        _, errors = self.run_mlp(*fixed, "-e", "4", "--resume", expect=3)
        self.assertRegex(errors, "training_rows [0-9]+, this command has [0-9]+")
        self.run_mlp("train", "flowers.csv", "-t", "kind", "-q", "-e", "2", "-o", "m")
        _, errors = self.run_mlp("train", "flowers.csv", "-t", "kind", "-q", "-e", "4", "--resume",
                                 "--checkpoint", "m", expect=3)


if __name__ == "__main__":
    main()
