"""Each exit status, and messages that name file, line, column and what was expected."""
import gzip
import json
import os
import re
import shlex
import subprocess
import unittest
import zipfile

import make_data
from make_data import npy
from support import MLP, CommandTest, main, small_files


class Usage(CommandTest):
    def test_wrong_usage_is_2_and_says_what_was_expected(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        for arguments, words in (
                ([], "a command is missing"),
                (["learn"], "'learn' is no command"),
                (["train"], "expected DATA, found 0 arguments"),
                (["train", "a", "b"], "expected DATA, found 2 arguments"),
                (["train", "--colour", "red", "a"], "unknown option --colour; see"),
                (["train", "--ep", "3", "a"], "--ep; is it --epsilon, --epochs?"),
                (["train", "--hiden=3", "a"], "--hiden; is it --hidden?"),
                (["help", "learn"], "'learn' is no command"),
                (["train", "-Z", "a"], "unknown option -Z"),
                (["train", "a", "--eta"], "--eta needs an argument"),
                (["train", "a", "--f64=yes"], "takes no argument"),
                (["train", "a", "--eta", "fast"], "--eta 'fast': expected a number from"),
                (["train", "a", "--epochs", "1.5"], "expected a whole number from 1"),
                (["train", "a", "--epochs", "0"], "expected a whole number from 1"),
                (["train", "a", "--dropout", "nan"], "expected a number from 0"),
                (["train", "a", "--optimizer", "best"], "expected adam, adamw, sgd"),
                (["train", "houses.csv", "--hidden", "5,x"], "--hidden '5,x': expected"),
                (["train", "houses.csv", "--validation", "0.95"], "share from 0 to 0.9"),
                (["train", "houses.csv", "-t", "prize"], "no column 'prize'"),
                (["train", "houses.csv", "--loss", "cross_entropy"], "not for a target of numbers"),
                (["train", "houses.csv", "-t", "town", "--loss", "huber"], "not for a target of cla"),
                (["train", "houses.csv", "--label-smoothing", "0.1"], "for the cross entropies"),
                (["train", "houses.csv", "--loss-parameter", "2"], "for huber"),
                (["train", "houses.csv", "--loss", "huber", "--loss-parameter", "1e-300"], "from 1.17549"),
                (["train", "houses.csv", "--optimizer", "lbfgs", "--eta", "1"],
                 "--eta is not for the optimizer lbfgs"),
                (["train", "houses.csv", "--nesterov"], "--nesterov is not for the optimizer adam"),
                (["train", "houses.csv", "--optimizer", "irprop-", "--schedule", "cosine"],
                 "--schedule is not for"),
                (["train", "houses.csv", "--monitor", "accuracy"], "not for a target of numbers"),
                (["train", "houses.csv", "--class-weights", "balanced"], "target of classes"),
                (["train", "houses.csv", "--delimiter", "xy"], "expected a character"),
                (["export", "m"], "which format"),
                (["train", "houses.csv", "-v", "0", "--monitor", "rmse"],
                 "--monitor needs validation, and --validation 0 holds no row back"),
                (["train", "houses.csv", "-v", "0", "--patience", "5"], "--patience needs validation"),
                (["train", "houses.csv", "--optimizer", "lbfgs", "--batch", "5"], "--batch is not for"),
                (["train", "houses.csv", "--optimizer", "irprop-", "-b", "5"], "--batch is not for"),
                (["train", "houses.csv", "-o", "-"], "--out -: a model cannot be written to standard"),
                (["train", "houses.csv", "--checkpoint", "-"], "--checkpoint -: a checkpoint cannot"),
                (["train", "houses.csv", "--report", "-"], "--report -: the page cannot"),
                (["eval", "m", "houses.csv", "--report", "-"], "--report -: the page cannot"),
                (["export", "m", "--format", "c", "-o", "-"], "--out -: a C file cannot"),
                (["export", "m", "--format", "npz", "-o", "-"], "--out -: an archive cannot"),
                (["export", "m", "--format", "safetensors", "-o", "-"], "--out -: a model cannot"),
                (["export", "m", "--format", "npz", "--name", "n"], "--name is for C files"),
                (["check", "houses.csv", "--step", "0.2"], "expected a number from 0 to 0.1"),
                (["bench", "5,0"], "expected a model file, or widths"),
                (["completion", "csh"], "expected bash, zsh, fish")):
            with self.subTest(arguments=arguments):
                out, errors = self.run_mlp(*arguments, expect=2)
                self.assertIn(words, errors)
                self.assertTrue(errors.startswith("mlp: "), errors)
                self.assertEqual(errors.count("\n"), 1, errors)

    def test_json_tells_errors_too(self):
        out, errors = self.run_mlp("eval", "none.st", "none.csv", "--json", expect=3)
        line = json.loads(out)
        self.assertEqual(line["event"], "error")
        self.assertEqual("mlp: %s\n" % line["message"], errors)

    def test_long_options_may_be_shortened(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "--epo", "2", "--val=0", "--qui")


    def test_an_option_that_is_no_text_is_shown_and_harms_nothing(self):
        _, errors = self.run_mlp(b"train", b"-\xff", b"a", expect=2)
        self.assertIn("unknown option -\\xff;", errors)

    def test_no_file_is_written_over_another_that_is_named(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        data = self.read("houses.csv")
        self.run_mlp("train", "houses.csv", "-e", "2", "-q", "-o", "m")
        model = self.read("m")
        os.symlink("houses.csv", self.path("link"))
        os.link(self.path("houses.csv"), self.path("hard"))
        for arguments in (["train", "houses.csv", "-o", "houses.csv"],
                          ["train", "houses.csv", "-o", "./houses.csv"],
                          ["train", "houses.csv", "-o", "link"],
                          ["train", "houses.csv", "-o", "hard"],
                          ["train", "houses.csv", "--checkpoint", "houses.csv"],
                          ["train", "houses.csv", "--report", "houses.csv"],
                          ["train", "houses.csv", "-v", "hard", "-o", "link"],
                          ["train", "houses.csv", "-o", "n", "--report", "n"],
                          ["train", "houses.csv", "-o", "n", "--report", "./n"],
                          ["train", "houses.csv", "-o", "n", "--checkpoint", "n"],
                          ["train", "houses.csv", "-o", "n", "--report", "n.checkpoint"],
                          ["predict", "m", "houses.csv", "-o", "houses.csv"],
                          ["predict", "m", "houses.csv", "-o", "m"],
                          ["eval", "m", "houses.csv", "--report", "houses.csv"],
                          ["eval", "m", "houses.csv", "--report", "m"],
                          ["export", "m", "--format", "safetensors", "-o", "m"]):
            with self.subTest(arguments=arguments):
                _, errors = self.run_mlp(*arguments, expect=2)
                self.assertIn("is the same file as", errors)
        with open(self.path("houses.csv"), "rb") as file:
            self.run_mlp("predict", "m", "-", "-o", "houses.csv", stdin=file, expect=2)
        self.assertEqual(self.read("houses.csv"), data)
        self.assertEqual(self.read("m"), model)
        self.run_mlp("predict", "m", "houses.csv", "-o", "/dev/null")


class Files(CommandTest):
    def test_a_bad_value_is_named_by_file_line_and_column(self):
        self.write("bad.csv", "a,b,y\n" + "".join("%d,2,3.5\n" % n for n in range(40)) +
                   "4,abc,6.5\n")
        _, errors = self.run_mlp("train", "bad.csv", expect=3)
        self.assertIn("bad.csv:42:2:", errors)
        self.assertIn("'abc'", errors)
        self.assertIn("expected a number", errors)

    def test_files_that_are_not_there_or_not_what_they_should_be_are_3(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.write("short.csv", "a,b\n1,2\n3\n")
        self.write("empty.csv", "")
        self.write("bad.safetensors", "no model")
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        made = self.read("houses.safetensors")
        with open(self.path("cut.safetensors"), "wb") as file:
            file.write(made[:-5])
        with open(self.path("flipped.safetensors"), "wb") as file:
            file.write(made[:-5] + bytes([made[-5] ^ 1]) + made[-4:])
        self.write("other.csv", "area,rooms\n1,2\n")
        self.write("town.csv", "area,rooms,town\n1,2,Atlantis\n")
        for arguments, words in (
                (["train", "none.csv"], "none.csv"),
                (["train", "short.csv"], "short.csv:3"),
                (["train", "empty.csv"], "empty.csv"),
                (["train", "houses.csv", "-v", "none.csv"], "none.csv"),
                (["train", "houses.csv", "--resume"], "houses.safetensors.checkpoint"),
                (["info", "none.safetensors"], "none.safetensors"),
                (["info", "bad.safetensors"], "bad.safetensors"),
                (["info", "cut.safetensors"], "cut.safetensors"),
                (["predict", "flipped.safetensors", "houses.csv"], "flipped.safetensors"),
                (["predict", "houses.safetensors", "none.csv"], "none.csv"),
                (["predict", "houses.safetensors", "other.csv"], "town"),
                (["predict", "houses.safetensors", "town.csv"], "Atlantis"),
                (["eval", "houses.safetensors", "town.csv"], "price"),
                (["eval", "houses.csv", "houses.csv"], "houses.csv")):
            with self.subTest(arguments=arguments):
                _, errors = self.run_mlp(*arguments, expect=3)
                self.assertIn(words, errors)
                self.assertEqual(errors.count("\n"), 1, errors)

    @unittest.skipUnless(os.path.exists("/dev/zero"), "needs /dev/zero")
    def test_a_file_without_end_is_refused_by_its_beginning(self):
        _, errors = self.run_mlp("info", "/dev/zero", expect=3)
        self.assertIn("/dev/zero", errors)
        self.assertEqual(errors.count("\n"), 1)

    def test_validation_by_the_training_data_is_warned_of(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        os.symlink("houses.csv", self.path("link.csv"))
        for name in ("houses.csv", "./houses.csv", "link.csv"):
            _, errors = self.run_mlp("train", "houses.csv", "-e", "1", "-v", name)
            self.assertIn("is the training data itself", errors)
        self.write("other.csv", self.read("houses.csv").decode())
        _, errors = self.run_mlp("train", "houses.csv", "-e", "1", "-v", "other.csv")
        self.assertNotIn("itself", errors)

    def test_messages_say_what_to_do_next(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        self.write("gaps.csv", "area,rooms,town,price\n,3,Bern,5\n")
        self.write("single.csv", "a b y\n1 2 3.5\n2 3 4.5\n")
        with open(self.path("labels"), "wb") as file:
            file.write(bytes([0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]))
        for arguments, words in (
                (["predict", "houses.safetensors", "gaps.csv"], "did not allow (train with --missing mean"),
                (["predict", "houses.csv", "houses.safetensors"], "houses.csv: is not a safetensors file"),
                (["train", "single.csv"], "--delimiter says what stands between columns"),
                (["train", "labels"], "expected the file of images")):
            with self.subTest(arguments=arguments):
                _, errors = self.run_mlp(*arguments, expect=3)
                self.assertIn(words, errors)
        self.run_mlp("train", "single.csv", "-d", "space", "-e", "1")
        self.run_mlp("predict", "houses.safetensors", "houses.csv", "--domain", "-o", "a.npy", expect=2)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q", "--missing", "drop-row")
        self.run_mlp("predict", "houses.safetensors", "houses.csv", "-o", "a.npy")
        self.write("gaps.csv", "area,rooms,town,price\n,3,Bern,5\n70,3,Bern,5\n")
        _, errors = self.run_mlp("predict", "houses.safetensors", "gaps.csv", "-o", "b.npy", expect=3)
        self.assertIn("numbers of the rows, of which some were left out", errors)

    def test_what_cannot_be_written_is_1(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        for arguments in (["train", "houses.csv", "-e", "2", "-q", "-o", "none/m.safetensors"],
                          ["train", "houses.csv", "-e", "2", "-q", "--report", "none/r.html"],
                          ["predict", "houses.safetensors", "houses.csv", "-o", "none/p.csv"],
                          ["predict", "houses.safetensors", "houses.csv", "-o", "none/p.npy"],
                          ["predict", "houses.safetensors", "houses.csv", "--json", "-o", "none/p"],
                          ["export", "houses.safetensors", "-o", "none/w.csv"],
                          ["export", "houses.safetensors", "-o", "none/w.npz"],
                          ["export", "houses.safetensors", "-o", "none/w.c"]):
            with self.subTest(arguments=arguments):
                _, errors = self.run_mlp(*arguments, expect=1)
                self.assertIn("none/", errors)

    def test_what_cannot_be_written_is_found_before_the_training(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        os.mkdir(self.path("folder"))
        for option in ("--out", "--checkpoint", "--report"):
            for path in ("none/x", "folder", "folder/", "houses.csv/x"):
                with self.subTest(option=option, path=path):
                    out, errors = self.run_mlp("train", "houses.csv", option, path, "-e", "2", expect=1)
                    self.assertEqual(out, "")
                    self.assertEqual(errors.count("\n"), 1, errors)
                    self.assertNotIn("epoch", errors)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["folder", "houses.csv"])
        _, errors = self.run_mlp("train", "houses.csv", "-o", "/dev/null", expect=1)
        self.assertIn("/dev/null: cannot write: it is no regular file", errors)
        self.run_mlp("train", "houses.csv", "-e", "1", "-q", "--report", "/dev/null")

    def test_links_to_what_is_not_there_make_it_or_fail_before_the_training(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        for link, target in (("dangling", "target"), ("chain", "dangling"), ("loop", "loop"), ("lost", "none/x")):
            os.symlink(target, self.path(link))
        for option in ("--out", "--checkpoint", "--report"):
            for path in ("loop", "lost"):
                with self.subTest(option=option, path=path):
                    out, errors = self.run_mlp("train", "houses.csv", option, path, "-e", "2", expect=1)
                    self.assertEqual(out, "")
                    self.assertEqual(errors.count("\n"), 1, errors)
        for path in ("dangling", "chain"):
            _, errors = self.run_mlp("train", "houses.csv", "-o", path, "--report", "target", expect=2)
            self.assertIn("is the same file as", errors)
            self.run_mlp("train", "houses.csv", "-e", "1", "-q", "-o", path)
            self.run_mlp("info", "target")
            self.assertTrue(os.path.islink(self.path(path)))
            os.remove(self.path("target"))

    def test_a_model_that_cannot_be_saved_at_the_end_leaves_a_checkpoint(self):
        make_data.houses(self.path("houses.csv"))
        os.mkdir(self.path("there"))
        # that is saved after each of them makes the epochs slow enough
        arguments = ["train", "houses.csv", "-e", "300", "--patience", "0", "-o", "there/m",
                     "--checkpoint", "c"]
        process = self.start(*arguments)
        os.rename(self.path("there"), self.path("gone"))
        errors = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 1)
        self.assertIn("all that was learned is in c; ", errors)
        command = errors.split("go on with: ")[1].splitlines()[0]
        os.rename(self.path("gone"), self.path("there"))
        self.run_mlp(*shlex.split(command)[1:], "-q")
        self.run_mlp("train", *arguments[1:4], "--patience", "0", "-o", "whole", "-q")
        self.assertEqual(self.read("there/m"), self.read("whole"))

    def test_a_disk_that_is_full_at_the_end_is_told(self):
        make_data.houses(self.path("houses.csv"))
        _, errors = self.run_mlp("train", "houses.csv", "-e", "2", expect=1, preexec_fn=small_files)
        self.assertIn("houses.safetensors", errors)
        self.assertNotIn("learned is in", errors)
        self.assertEqual(os.listdir(self.folder.name), ["houses.csv"])

    def test_a_small_file_does_not_unfold_without_bounds(self):
        with gzip.open(self.path("zeros.csv.gz"), "wb") as file:
            file.write(b"a,b,y\n" + b"1,2,3\n4,5,6.5\n" * 2500)
        self.run_mlp("train", "zeros.csv.gz", "-e", "1", "-q", "--max-bytes", "100000")
        _, errors = self.run_mlp("train", "zeros.csv.gz", "-e", "1", "--max-bytes", "20000", expect=3)
        self.assertIn("zeros.csv.gz: unfolds to more than 20000 bytes (--max-bytes", errors)
        array = npy((300, 3), [float(n % 7) for n in range(900)])
        for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            with zipfile.ZipFile(self.path("x.npz"), "w", compression) as archive:
                archive.writestr("x.npy", array)
            # what is not compressed is bounded by the file already
            self.run_mlp("train", "x.npz", "-e", "1", "-q", "--max-bytes", "2000",
                         expect=3 if compression == zipfile.ZIP_DEFLATED else 0)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_disk_is_noticed(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        _, errors = self.run_mlp("predict", "houses.safetensors", "houses.csv", "-o", "/dev/full",
                                 expect=1)
        self.assertIn("No space left", errors)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_standard_output_is_told_once(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        for more in ([], ["--json"], ["-o", "-"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([MLP, "predict", "houses.safetensors", "houses.csv", "-q", *more],
                                      cwd=self.folder.name, stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        with open("/dev/full", "wb") as full: # what comes in between must not change the reason
            done = subprocess.run([MLP, "train", "houses.csv", "-e", "2"], cwd=self.folder.name, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output: No space left", done.stderr)

    def test_a_standard_output_that_is_closed_harms_only_what_writes_there(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        for command, status in (("train houses.csv -e 2 -q", 0), ("info houses.safetensors", 1)):
            done = subprocess.run(["sh", "-c", 'exec "$1" $2 >&-', "sh", MLP, command], cwd=self.folder.name,
                                  stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, status, done.stderr)

    def test_gradients_that_disagree_are_5(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        out, _ = self.run_mlp("check", "houses.csv", "--step", "0.1", expect=5)
        self.assertIn("do NOT agree", out)
        (result,) = self.json_lines("check", "houses.csv", "--step", "0.1", expect=5)
        self.assertFalse(result["agree"])

    def test_divergence_after_an_epoch_keeps_what_was_good(self):
        make_data.houses(self.path("houses.csv"))
        # the learning rate rises from 0: the first epochs are whole
        arguments = ["train", "houses.csv", "--optimizer", "sgd", "--eta", "10", "--warmup", "500",
                     "-e", "1000", "--patience", "0", "--activation", "identity"]
        out, errors = self.run_mlp(*arguments, expect=4)
        epochs = int(re.search(r"diverged: epoch (\d+)", errors).group(1)) - 1
        self.assertGreater(epochs, 0)
        kept = int(re.search(r"houses.safetensors has the weights of epoch (\d+)", errors).group(1))
        self.assertLessEqual(kept, epochs)
        self.assertIn("diverged after %d epochs" % epochs, out)
        self.run_mlp("predict", "houses.safetensors", "houses.csv")
        lines = self.json_lines(*arguments, expect=4)
        self.assertEqual([line["event"] for line in lines[-3:]], ["error", "error", "end"])
        self.assertEqual(lines[-1]["outcome"], "diverged")
        self.assertEqual(lines[-1]["best_epoch"], kept)

    def test_divergence_is_4_and_writes_no_model(self):
        make_data.houses(self.path("houses.csv"))
        _, errors = self.run_mlp("train", "houses.csv", "--optimizer", "sgd", "--eta", "1e6",
                                 "--output-scaling", "none", expect=4)
        self.assertIn("diverged: epoch 1", errors)
        self.assertIn("no epoch was whole, so no model was written", errors)
        self.assertEqual(os.listdir(self.folder.name), ["houses.csv"])


if __name__ == "__main__":
    main()
