"""Each exit status, and messages that name file, line, column and what was expected."""
import json
import os
import unittest

import make_data
from support import CommandTest, main


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
                (["train", "houses.csv", "--optimizer", "lbfgs", "--eta", "1"],
                 "--eta is not for the optimizer lbfgs"),
                (["train", "houses.csv", "--nesterov"], "--nesterov is not for the optimizer adam"),
                (["train", "houses.csv", "--optimizer", "irprop-", "--schedule", "cosine"],
                 "--schedule is not for"),
                (["train", "houses.csv", "--monitor", "accuracy"], "not for a target of numbers"),
                (["train", "houses.csv", "--class-weights", "balanced"], "target of classes"),
                (["train", "houses.csv", "--delimiter", "xy"], "expected a character"),
                (["export", "m"], "which format"),
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

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_disk_is_noticed(self):
        make_data.houses(self.path("houses.csv"), rows=40)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        _, errors = self.run_mlp("predict", "houses.safetensors", "houses.csv", "-o", "/dev/full",
                                 expect=1)
        self.assertIn("No space left", errors)

    def test_divergence_is_4_and_writes_no_model(self):
        make_data.houses(self.path("houses.csv"))
        _, errors = self.run_mlp("train", "houses.csv", "--optimizer", "sgd", "--eta", "1e6",
                                 "--output-scaling", "none", expect=4)
        self.assertIn("diverged: epoch 1", errors)
        self.assertFalse(os.path.exists(self.path("houses.safetensors")))


if __name__ == "__main__":
    main()
