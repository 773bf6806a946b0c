"""mlp train, predict, eval of classes: from a table to answers."""
import random

import make_data
from support import DIGITS, CommandTest, main, table


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


if __name__ == "__main__":
    main()
