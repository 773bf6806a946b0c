"""mlp train, predict, eval, info, check, bench: from a table to answers."""
import csv
import io
import math
import os
import random
import struct
import unittest

import make_data
from support import DIGITS, CommandTest, main


def table(text):
    return list(csv.reader(io.StringIO(text)))


class Classes(CommandTest):
    def setUp(self):
        super().setUp()
        make_data.flowers(self.path("flowers.csv"))

    def test_train_alone_makes_a_good_model_and_says_what_it_guessed(self):
        out, _ = self.run_mlp("train", "flowers.csv", "--target", "kind")
        for words in ("header", "target: kind", "3 classes", "network: 3-32-16-3, relu, output softmax",
                      "192 train, 48 validate", "wrote flowers.safetensors"):
            self.assertIn(words, out)
        (result,) = self.json_lines("eval", "flowers.safetensors", "flowers.csv")
        self.assertGreater(result["accuracy"], 0.95)
        self.assertEqual(result["classes"], ["setosa", "versi,color", 'virgi"nica'])
        self.assertEqual(sum(map(sum, result["confusion"])), 240)
        right = sum(row[i] for i, row in enumerate(result["confusion"]))
        self.assertAlmostEqual(right / 240, result["accuracy"])

    def test_predictions_have_the_names_of_the_classes(self):
        self.run_mlp("train", "flowers.csv", "-t", "kind", "-e", "30", "--out", "m.safetensors")
        truth = [row[-1] for row in table(self.read("flowers.csv").decode())[1:]]
        out, _ = self.run_mlp("predict", "m.safetensors", "flowers.csv")
        rows = table(out)
        self.assertEqual(rows[0], ["kind"])
        said = [row[0] for row in rows[1:]]
        self.assertEqual(set(said), set(truth))
        self.assertGreater(sum(a == b for a, b in zip(said, truth)) / len(truth), 0.95)
        out, _ = self.run_mlp("predict", "m.safetensors", "flowers.csv", "--probabilities")
        rows = table(out)
        self.assertEqual(rows[0], ["kind", "setosa", "versi,color", 'virgi"nica'])
        for row in rows[1:]:
            numbers = [float(field) for field in row[1:]]
            self.assertAlmostEqual(sum(numbers), 1, places=5)
            self.assertEqual(rows[0][1 + numbers.index(max(numbers))], row[0])
        lines = self.json_lines("predict", "m.safetensors", "flowers.csv", "-p")
        self.assertEqual([line["prediction"] for line in lines], said)
        self.assertEqual([line["row"] for line in lines], list(range(1, 241)))
        self.assertEqual(list(lines[0]["probabilities"]), rows[0][1:])

    def test_columns_go_by_name(self):
        self.run_mlp("train", "flowers.csv", "-t", "kind", "-e", "20", "--out", "m.safetensors")
        want, _ = self.run_mlp("predict", "m.safetensors", "flowers.csv")
        rows = table(self.read("flowers.csv").decode())
        self.write("turned.csv", "".join("x,%s,%s,%s\n" % (row[2], row[0], row[1]) if n else
                                         "more,noise,length,width\n"
                                         for n, row in enumerate(rows)))
        got, _ = self.run_mlp("predict", "m.safetensors", "turned.csv")
        self.assertEqual(got, want)

    def test_any_number_of_workers_gives_the_same_bits(self):
        for workers in ("1", "2", "3"):
            self.run_mlp("train", "flowers.csv", "-e", "12", "--dropout", "0.2", "-j", workers,
                         "--out", workers + ".safetensors", "-q")
        self.assertEqual(self.read("1.safetensors"), self.read("2.safetensors"))
        self.assertEqual(self.read("1.safetensors"), self.read("3.safetensors"))

    def test_another_seed_gives_another_model(self):
        for seed in ("1", "2"):
            self.run_mlp("train", "flowers.csv", "-e", "3", "-s", seed, "-q", "--out", seed)
        self.assertNotEqual(self.read("1"), self.read("2"))

    def test_every_optimizer_and_schedule_learns(self):
        for more in (["adamw"], ["sgd", "--nesterov"], ["rmsprop", "--momentum", "0.5"],
                     ["irprop-"], ["lbfgs", "--history", "5"],
                     ["adam", "--schedule", "cosine", "--warmup", "2"],
                     ["adam", "--schedule", "step"], ["adam", "--schedule", "exponential", "--monitor", "accuracy"],
                     ["adam", "--scaling", "common"],
                     ["adam", "--schedule", "plateau"],
                     ["adam", "--class-weights", "balanced", "--label-smoothing", "0.05"],
                     ["adam", "--clip-norm", "1", "--max-norm", "3", "--l2", "1e-4"],
                     ["adam", "--activation", "tanh", "--hidden", "12", "--f64"],
                     ["adam", "--hidden", "none", "--scaling", "min_max", "--input-dropout", "0.1"]):
            with self.subTest(optimizer=more):
                rate = [] if more[0] in ("irprop-", "lbfgs") else ["--eta", "0.01"]
                lines = self.json_lines("train", "flowers.csv", "-e", "60", "--patience", "0",
                                        *rate, "--optimizer", *more)
                self.assertGreater(lines[-1]["validation"]["accuracy"], 0.9)
                self.assertEqual(lines[0]["settings"]["optimizer"], more[0])
                self.assertEqual(len(lines), 62)

    def test_validation_may_be_a_file_or_nothing(self):
        make_data.flowers(self.path("more.csv"), rows=60, seed=5)
        lines = self.json_lines("train", "flowers.csv", "-v", "more.csv", "-e", "5")
        self.assertEqual(lines[-1]["validation"]["rows"], 60)
        self.assertEqual(lines[0]["settings"]["training_rows"], 240)
        lines = self.json_lines("train", "flowers.csv", "-v", "0", "-e", "5")
        self.assertEqual(lines[-1]["training"]["rows"], 240)
        self.assertIsNone(lines[1]["validation_loss"])

    def test_validation_has_its_share_of_every_class(self):
        rows = ["%d,%s\n" % (n % 7, "rare" if n % 50 == 0 else "usual") for n in range(500)]
        self.write("rare.csv", "x,kind\n" + "".join(rows))
        lines = self.json_lines("train", "rare.csv", "-e", "2")
        counts = [sum(row) for row in lines[-1]["validation"]["confusion"]]
        self.assertEqual(counts, [2, 98])

    def test_balanced_classes_find_more_of_the_rare_one(self):
        draw = random.Random(4)
        rows = [(draw.gauss(n % 10 == 0, 1), "rare" if n % 10 == 0 else "usual") for n in range(600)]
        make_data.write_rows(self.path("rare.csv"), ("x", "kind"), rows)
        found = []
        for how in ("none", "balanced"):
            lines = self.json_lines("train", "rare.csv", "--class-weights", how, "-e", "100")
            found.append(lines[-1]["validation"]["confusion"][0][0])
        self.assertLess(found[0], 4) # of 12
        self.assertGreater(found[1], 6)

    def test_accuracy_stands_beside_that_of_the_most_frequent_class(self):
        draw = random.Random(5)
        rows = [(draw.gauss(0, 1), "rare" if n % 25 == 0 else "usual") for n in range(400)]
        make_data.write_rows(self.path("rare.csv"), ("x", "kind"), rows)
        out, _ = self.run_mlp("train", "rare.csv", "-e", "20")
        self.assertIn("(80 rows; always 'usual': accuracy 0.9625)", out)
        self.assertIn("class 'rare' was never predicted, though 3 rows have it; --class-weights", out)
        (result,) = self.json_lines("eval", "rare.safetensors", "rare.csv")
        self.assertAlmostEqual(result["baseline_accuracy"], 0.96)
        out, _ = self.run_mlp("train", "rare.csv", "-e", "20", "--class-weights", "none")
        self.assertNotIn("never predicted", out)

    def test_why_nothing_is_shown_or_held_back_is_said(self):
        make_data.write_rows(self.path("many.csv"), ("x", "y"), [(n, n % 21) for n in range(210)])
        self.run_mlp("train", "many.csv", "-e", "1", "--task", "classes", "-q")
        out, _ = self.run_mlp("eval", "many.safetensors", "many.csv")
        self.assertIn("\nthe confusion matrix of 21 classes is too wide", out)
        make_data.houses(self.path("tiny.csv"), rows=19)
        out, _ = self.run_mlp("train", "tiny.csv", "-e", "1")
        self.assertIn("rows: 19 train, none validate, for they are few", out)

    def test_json_lines_tell_the_same_as_the_model(self):
        lines = self.json_lines("train", "flowers.csv", "-e", "7")
        self.assertEqual([line["event"] for line in lines], ["start"] + 7 * ["epoch"] + ["end"])
        self.assertEqual([line["epoch"] for line in lines[1:-1]], list(range(1, 8)))
        best = min(lines[1:-1], key=lambda line: line["validation_loss"])
        self.assertEqual(lines[-1]["best_epoch"], best["epoch"])
        self.assertAlmostEqual(lines[-1]["validation"]["loss"], best["validation_loss"], places=6)
        (info,) = self.json_lines("info", "flowers.safetensors")
        self.assertEqual(info["training"]["settings"], lines[0]["settings"])
        self.assertEqual(info["training"]["validation"]["loss"], lines[-1]["validation"]["loss"])
        self.assertEqual([layer["width"] for layer in info["layers"]], [32, 16, 3])
        self.assertEqual(info["layers"][-1]["activation"], "softmax")

    def test_quiet_eval_writes_its_result_and_nothing_else(self):
        self.run_mlp("train", "flowers.csv", "-e", "3", "--quiet")
        want, _ = self.run_mlp("eval", "flowers.safetensors", "flowers.csv")
        self.assertIn("accuracy", want)
        self.assertIn("confusion matrix", want)
        self.assertIn("always '", want)
        self.assertEqual(self.run_mlp("eval", "flowers.safetensors", "flowers.csv", "-q"), (want, ""))

    def test_classes_of_few_rows_still_give_some_to_validation(self):
        rows = ["%d,%s\n" % (n, n // 2) for n in range(60)] # 30 classes of 2 rows: a fifth of 2 is none
        self.write("small.csv", "x,kind\n" + "".join(rows))
        lines = self.json_lines("train", "small.csv", "-t", "kind", "--task", "classes", "-e", "1")
        self.assertEqual(lines[0]["settings"]["validation_rows"], 12)
        counts = [sum(row) for row in lines[-1]["validation"]["confusion"]]
        self.assertEqual(max(counts), 1) # and each class keeps one to train

    def test_a_share_that_is_no_row_is_told(self):
        _, errors = self.run_mlp("train", "flowers.csv", "-v", "0.001", "-e", "1")
        self.assertIn("a share of 0.001 of 240 rows is none", errors)
        self.run_mlp("train", "flowers.csv", "-v", "0.001", "-e", "1", "--monitor", "accuracy", expect=2)

    def test_many_classes_need_no_matrix(self):
        rows = ["%d,c%d\n" % (n, n // 2) for n in range(2400)]
        self.write("many.csv", "x,kind\n" + "".join(rows))
        self.run_mlp("train", "many.csv", "-t", "kind", "-e", "1", "-q", "--report", "r.html")
        (result,) = self.json_lines("eval", "many.safetensors", "many.csv")
        self.assertNotIn("confusion", result)
        self.assertIn("accuracy", result)
        self.assertAlmostEqual(result["baseline_accuracy"], 1 / 1200)
        out, _ = self.run_mlp("eval", "many.safetensors", "many.csv", "--report", "e.html")
        self.assertEqual(out.count("\n"), 1)

    def settings(self, *more, rows=240):
        make_data.flowers(self.path("rows.csv"), rows=rows)
        return self.json_lines("train", "rows.csv", "-e", "1", *more)[0]["settings"]

    def test_l2_goes_by_the_number_of_rows_unless_the_weights_decay_otherwise(self):
        self.assertEqual(self.settings()["l2"], 0.01)
        self.assertEqual(self.settings(rows=4000)["l2"], 0.0025)
        self.assertEqual(self.settings("--l2", "0")["l2"], 0)
        self.assertEqual(self.settings("--l2", "0.3")["l2"], 0.3)
        self.assertEqual(self.settings("--weight-decay", "0.1", "--optimizer", "sgd")["l2"], 0)
        self.assertEqual(self.settings("--optimizer", "adamw")["l2"], 0)
        out, _ = self.run_mlp("train", "flowers.csv", "-e", "1")
        self.assertIn("batch 16, l2 0.01, at most 1 epochs", out)
        out, _ = self.run_mlp("train", "flowers.csv", "-e", "1", "--optimizer", "adamw")
        self.assertIn("batch 16, weight decay 0.01, at most 1 epochs", out)

    def test_start_weights_can_be_chosen(self):
        self.assertEqual(self.settings()["init"], "lecun_normal")
        for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal"):
            self.assertEqual(self.settings("--init", name)["init"], name)
        for name in ("he_normal", "lecun_normal"):
            self.run_mlp("train", "flowers.csv", "-e", "1", "--init", name, "-q", "-o", name)
        self.assertNotEqual(self.read("he_normal"), self.read("lecun_normal"))
        _, errors = self.run_mlp("train", "flowers.csv", "--init", "zero", expect=2)
        self.assertIn("glorot_uniform, glorot_normal, he_uniform, he_normal or lecun_normal", errors)

    def test_quiet_writes_nothing(self):
        out, errors = self.run_mlp("train", "flowers.csv", "-e", "3", "--quiet")
        self.assertEqual((out, errors), ("", ""))

    def test_digits_reach_what_is_known_of_them(self):
        lines = self.json_lines("train", DIGITS, "--out", "digits.safetensors")
        self.assertEqual(lines[0]["settings"]["scaling"], "common") # points of images
        self.assertEqual(lines[0]["settings"]["activation"], "relu") # of many rows
        self.assertGreater(lines[-1]["validation"]["accuracy"], 0.95)


class Looks(CommandTest):
    """What is noticed about the columns."""

    def test_a_constant_input_is_named_and_does_not_count(self):
        draw = random.Random(3)
        for inputs in (2, 20): # with 20 like ones, by a common scaling
            names = ["x%d" % i for i in range(inputs)]
            rows = [[draw.randint(0, 5) if i else 0 for i in range(inputs)] for _ in range(60)]
            make_data.write_rows(self.path("same.csv"), names + ["y"], [row + [row[1] / 2] for row in rows])
            make_data.write_rows(self.path("changed.csv"), names + ["y"], [[9] + row[1:] + [0] for row in rows])
            out, _ = self.run_mlp("train", "same.csv", "-e", "4", "-o", "m.st")
            self.assertIn("constant: x0 (nothing to learn from)", out)
            self.assertEqual("common" in out or "one mean" in out, inputs == 20)
            want, _ = self.run_mlp("predict", "m.st", "same.csv")
            got, errors = self.run_mlp("predict", "m.st", "changed.csv")
            self.assertEqual(got, want)
            self.assertIn("60 of 60 rows lie outside", errors)

    def test_numbers_that_single_precision_rounds_are_warned_of(self):
        rows = [(1.7e9 + 300 * n, 5e6 + n / 100) for n in range(40)]
        make_data.write_rows(self.path("time.csv"), ("time", "y"), rows)
        _, errors = self.run_mlp("train", "time.csv", "-e", "1")
        self.assertIn("column 'time' is in 1.7e+09 .. 1.7000117e+09: single precision", errors)
        self.assertIn("target 'y' is in 5000000 .. 5000000.39", errors)
        _, errors = self.run_mlp("train", "time.csv", "-e", "1", "--f64")
        self.assertEqual(errors.count("precision"), 0)

    def test_a_constant_target_is_warned_of(self):
        make_data.write_rows(self.path("flat.csv"), ("x", "y"), [(n, 2.5) for n in range(30)])
        _, errors = self.run_mlp("train", "flat.csv", "-e", "1")
        self.assertIn("the target 'y' is 2.5 in all rows", errors)

    def test_categories_are_not_scaled_as_the_points_of_an_image(self):
        rows = ["%s%d,%d" % ("abcdefgh"[n % 8], n % 20, n % 3) for n in range(200)]
        self.write("one.csv", "kind,y\n" + "\n".join(rows) + "\n")
        lines = self.json_lines("train", "one.csv", "-e", "1")
        self.assertEqual(lines[0]["settings"]["scaling"], "standard")

    def test_targets_of_one_1_among_0_are_classes(self):
        rows = ["%g %g\n%s" % (n % 7, n % 3, " ".join("1" if n % 3 == c else "0" for c in range(3)))
                for n in range(90)]
        self.write("hot.train", "90 2 3\n" + "\n".join(rows) + "\n")
        out, _ = self.run_mlp("train", "hot.train", "-e", "100", "-o", "m.st")
        self.assertIn("task: 3 classes: c3, c4, c5 (guessed)", out)
        (result,) = self.json_lines("eval", "m.st", "hot.train")
        self.assertEqual(result["accuracy"], 1)
        out, _ = self.run_mlp("predict", "m.st", "hot.train")
        self.assertEqual(out.split()[:5], ["class", "c3", "c4", "c5", "c3"])
        out, _ = self.run_mlp("train", "hot.train", "-e", "1", "--task", "numbers")
        self.assertIn("task: 3 numbers", out)
        self.write("two.train", "2 2 3\n1 2\n0 1 0\n3 4\n0 1 1\n")
        _, errors = self.run_mlp("eval", "m.st", "two.train", expect=3)
        self.assertIn("two.train: row 2, column 5: expected 1 for one of the classes", errors)

    def test_decimal_commas_are_read(self):
        rows = [("%.1f" % (n / 10)).replace(".", ",") for n in range(60)]
        self.write("comma.csv", "x;y\n" + "".join("%s;%s\n" % (r, r) for r in rows))
        out, _ = self.run_mlp("train", "comma.csv", "-e", "1")
        self.assertIn("decimal comma", out)
        self.assertIn("task: 1 number", out)
        _, errors = self.run_mlp("train", "comma.csv", "--decimal", "point", expect=3)
        self.assertIn("60 different texts in 60 rows, such as '0,", errors)


class FewRows(CommandTest):
    """Sixty rows of twenty columns: there the usual start and no decay learn the noise."""

    def setUp(self):
        super().setUp()
        draw = random.Random(7)
        slopes = [draw.uniform(-100, 100) if i < 10 else 0 for i in range(20)]
        for name, rows in (("few.csv", 60), ("more.csv", 300)):
            made = []
            for _ in range(rows):
                x = [draw.gauss(0, 1) for _ in slopes]
                made.append([*x, sum(a * b for a, b in zip(x, slopes)) + draw.gauss(0, 10)])
            make_data.write_rows(self.path(name), ["x%d" % i for i in range(20)] + ["y"], made)

    def r2(self, *more):
        self.run_mlp("train", "few.csv", "-q", *more)
        (result,) = self.json_lines("eval", "few.safetensors", "more.csv")
        return result["r2"]

    def test_defaults_find_what_is_there(self):
        self.assertGreater(self.r2(), 0.9)
        self.assertLess(self.r2("--init", "he_normal", "--l2", "0"), 0.8)


class Numbers(CommandTest):
    def setUp(self):
        super().setUp()
        make_data.houses(self.path("houses.csv"))

    def test_prices_come_in_their_own_units(self):
        out, _ = self.run_mlp("train", "houses.csv", "-t", "price")
        for words in ("1 number", "one-hot: town (3)", "squared_error"):
            self.assertIn(words, out)
        (result,) = self.json_lines("eval", "houses.safetensors", "houses.csv")
        self.assertGreater(result["r2"], 0.97)
        truth = [float(row[-1]) for row in table(self.read("houses.csv").decode())[1:]]
        out, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv")
        said = [float(row[0]) for row in table(out)[1:]]
        self.assertEqual(len(said), len(truth))
        rmse = math.sqrt(sum((a - b) ** 2 for a, b in zip(said, truth)) / len(truth))
        self.assertAlmostEqual(rmse / result["rmse"], 1, places=5)

    def test_several_targets(self):
        make_data.two_targets(self.path("two.csv"))
        self.run_mlp("train", "two.csv", "-t", "sum,product", "--loss", "huber")
        (result,) = self.json_lines("eval", "two.safetensors", "two.csv")
        self.assertEqual(list(result["outputs"]), ["sum", "product"])
        self.assertGreater(result["outputs"]["sum"]["r2"], 0.95)
        out, _ = self.run_mlp("predict", "two.safetensors", "two.csv")
        self.assertEqual(table(out)[0], ["sum", "product"])

    def test_rows_outside_of_the_training_data_are_told(self):
        self.run_mlp("train", "houses.csv", "-e", "3", "-v", "0", "-q")
        self.write("new.csv", "area,rooms,town\n100,3,Bern\n9000,300,Basel\n-5,3,Bern\n")
        out, errors = self.run_mlp("predict", "houses.safetensors", "new.csv", "--domain")
        self.assertEqual([row[-1] for row in table(out)], ["outside", "0", "2", "1"])
        self.assertIn("2 of 3 rows lie outside", errors)
        _, errors = self.run_mlp("predict", "houses.safetensors", "new.csv", "-q")
        self.assertEqual(errors, "")
        _, errors = self.run_mlp("predict", "houses.safetensors", "new.csv", "--margin", "100")
        self.assertEqual(errors, "")

    def test_missing_values(self):
        text = self.read("houses.csv").decode().splitlines()
        for n in range(5, 300, 20):
            fields = text[n].split(",")
            text[n] = ",".join(["", *fields[1:]])
        self.write("holes.csv", "\n".join(text) + "\n")
        _, errors = self.run_mlp("train", "holes.csv", expect=3)
        self.assertIn("holes.csv:6:1: column 'area'", errors)
        for how in ("mean", "median", "drop-row"):
            lines = self.json_lines("train", "holes.csv", "--missing", how, "-e", "2", "-v", "0")
            self.assertEqual(lines[0]["settings"]["training_rows"],
                             285 if how == "drop-row" else 300)
        out, _ = self.run_mlp("predict", "holes.safetensors", "holes.csv")
        self.assertEqual(table(out)[0], ["row", "price"]) # rows were dropped: they have numbers
        self.assertEqual([int(row[0]) for row in table(out)[1:]],
                         [n for n in range(1, 301) if n % 20 != 5])

    def test_a_target_of_text_and_a_weight_are_left_aside_by_predict(self):
        rows = table(self.read("houses.csv").decode())
        self.write("heavy.csv", "".join(",".join(row + [str(n % 3) if n else "heavy"]) + "\n"
                                        for n, row in enumerate(rows)))
        self.run_mlp("train", "heavy.csv", "-t", "price", "--weight", "heavy", "-e", "3", "-q", "-o", "m")
        want, _ = self.run_mlp("predict", "m", "heavy.csv")
        self.assertEqual(len(want.splitlines()), 301)
        self.write("text.csv", "".join(",".join(row[:3] + (["unknown", "n.n."] if n else ["price", "heavy"]))
                                       + "\n" for n, row in enumerate(rows)))
        self.assertEqual(self.run_mlp("predict", "m", "text.csv")[0], want)
        _, errors = self.run_mlp("eval", "m", "text.csv", expect=3)
        self.assertIn("text.csv:2:4", errors)

    def test_probabilities_are_of_classes(self):
        self.run_mlp("train", "houses.csv", "-e", "1", "-q")
        _, errors = self.run_mlp("predict", "houses.safetensors", "houses.csv", "-p", expect=2)
        self.assertIn("houses.safetensors predicts numbers", errors)

    def test_standard_output_by_its_name_is_standard_output(self):
        self.run_mlp("train", "houses.csv", "-e", "1", "-q")
        for more in ([], ["--json"]):
            want, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv", *more)
            got, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv", *more, "-o", "-")
            self.assertEqual(got, want)
            self.assertGreater(len(want), 300)
        self.assertFalse(os.path.exists(self.path("-")))

    def test_npy_out(self):
        self.run_mlp("train", "houses.csv", "-e", "3", "-q")
        self.run_mlp("predict", "houses.safetensors", "houses.csv", "-o", "p.npy")
        made = self.read("p.npy")
        self.assertEqual(made[:6], b"\x93NUMPY")
        length = struct.unpack("<H", made[8:10])[0]
        self.assertIn("(300, 1)", made[10:10 + length].decode())
        values = struct.unpack("<300f", made[10 + length:])
        out, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv", "--no-header")
        self.assertEqual([struct.unpack("f", struct.pack("f", float(line)))[0]
                          for line in out.split()], list(values))

    def test_check_agrees_and_names_the_worst(self):
        for more in ([], ["--loss", "log_cosh", "--activation", "softplus", "--hidden", "5,4"],
                     ["--step", "1e-4", "--rows", "3"]):
            (result,) = self.json_lines("check", "houses.csv", *more)
            self.assertTrue(result["agree"])
            self.assertRegex(result["worst"], r"^[wb]\([123]\)\[\d+\]")
            self.assertGreater(result["parameters"], 50)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q", "--hidden", "4", "--activation", "tanh")
        out, _ = self.run_mlp("check", "houses.csv", "--model", "houses.safetensors")
        self.assertIn("they agree", out)

    def test_bench_tells_what_it_timed(self):
        lines = self.json_lines("bench", "5,4,3", "--batch", "7", "--seconds", "0.001")
        self.assertEqual([line["what"] for line in lines],
                         ["forward", "forward", "gradient", "training step"])
        self.assertEqual([line["batch"] for line in lines], [1, 7, 7, 7])
        for line in lines:
            self.assertGreater(line["flop_per_second"], 0)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q")
        out, _ = self.run_mlp("bench", "houses.safetensors", "--seconds", "0.001", "--f64", "-j", "1")
        self.assertIn("f64, 1 worker,", out)

    def test_standard_input(self):
        out, _ = self.run_mlp("train", "-", "-e", "2", "-t", "price", input=self.read("houses.csv"))
        self.assertIn("wrote model.safetensors", out)


if __name__ == "__main__":
    main()
