"""What mlp train notices about the columns of a table."""
import random

import make_data
from support import CommandTest, main


class Columns(CommandTest):
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

    def test_ranges_beyond_single_precision_are_named(self):
        rows = ["%g,%d" % ((n - 30) * 1.1e37, n) for n in range(60)]
        self.write("wide.csv", "far,y\n" + "\n".join(rows) + "\n")
        _, errors = self.run_mlp("train", "wide.csv", "-e", "1", "-o", "m", expect=3)
        self.assertIn("column 'far' is in -3.3e+38 .. 3.19e+38: single precision has no room", errors)
        self.assertIn("mlp: the data: x: the range of column 0 is too wide", errors)
        self.run_mlp("train", "wide.csv", "-e", "1", "-o", "m", "--f64")
        rows = ["%d,%g" % (n, n * 1e-46) for n in range(60)]
        self.write("tiny.csv", "x,y\n" + "\n".join(rows) + "\n")
        _, errors = self.run_mlp("train", "tiny.csv", "-e", "1", "-o", "m")
        self.assertIn("target 'y' is in 0 .. 5.9e-45: single precision rounds", errors)

    def test_weights_that_are_all_zero_are_the_data_s_fault(self):
        self.write("w.csv", "x,y,w\n" + "".join("%d,%d,0\n" % (n, n) for n in range(40)))
        _, errors = self.run_mlp("train", "w.csv", "-t", "y", "--weight", "w", "-e", "1", "-o", "m", expect=3)
        self.assertIn("mlp: the data: the weights of ", errors)

    def test_class_numbers_that_a_double_rounds_are_refused(self):
        rows = "".join("%d,%d\n" % (i, 20241122000000001 + i % 4) for i in range(60))
        self.write("t.csv", "x,id\n" + rows)
        for more in [], ["--task", "classes"]:
            _, errors = self.run_mlp("train", "t.csv", "-e", "1", "-o", "m", *more, expect=3)
            self.assertIn("target 'id': expected class numbers below 2^53", errors)
        out, _ = self.run_mlp("train", "t.csv", "-e", "1", "-o", "m", "--categorical", "id")
        self.assertIn("4 classes: 20241122000000001, 20241122000000002", out)

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


if __name__ == "__main__":
    main()
