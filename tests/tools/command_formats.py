"""Each format and each option about columns, through the command."""
import gzip
import random
import zipfile

import make_data
from support import CommandTest, main


class Formats(CommandTest):
    def write_bytes(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def squares(self, rows):
        """Pictures of 2 x 3 points; what is bright is the class."""
        draw = random.Random(rows)
        points, labels = [], []
        for n in range(rows):
            labels.append(n % 2)
            points += [draw.randint(0, 50) + (200 if i // 3 == n % 2 else 0) for i in range(6)]
        return points, labels

    def test_idx_with_labels_beside_it_or_named(self):
        for name, rows in (("train", 100), ("t10k", 40)):
            points, labels = self.squares(rows)
            self.write_bytes(name + "-images-idx3-ubyte.gz",
                             gzip.compress(make_data.idx((rows, 2, 3), points)))
            self.write_bytes(name + "-labels-idx1-ubyte", make_data.idx((rows,), labels))
            self.write_bytes(name + "-turned", make_data.idx((rows,), [1 - label for label in labels]))
        self.run_mlp("train", "train-images-idx3-ubyte.gz", "-o", "m", "-q")
        (result,) = self.json_lines("eval", "m", "t10k-images-idx3-ubyte.gz")
        self.assertEqual((result["accuracy"], result["rows"]), (1, 40))
        (result,) = self.json_lines("eval", "m", "t10k-images-idx3-ubyte.gz", "--labels", "t10k-turned")
        self.assertEqual(result["accuracy"], 0)
        out, _ = self.run_mlp("predict", "m", "t10k-images-idx3-ubyte.gz", "--no-header")
        self.assertEqual(out.split(), ["0", "1"] * 20)
        self.run_mlp("train", "train-images-idx3-ubyte.gz", "--labels", "t10k-turned", expect=3)

    def test_npz_by_the_names_of_its_arrays(self):
        draw = random.Random(5)
        x = [draw.uniform(-1, 1) for _ in range(400)]
        y = [x[2 * n] - 3 * x[2 * n + 1] for n in range(200)]
        with zipfile.ZipFile(self.path("a.npz"), "w") as archive:
            archive.writestr("points.npy", make_data.npy((200, 2), x))
            archive.writestr("height.npy", make_data.npy((200,), y))
            archive.writestr("x.npy", make_data.npy((200, 1), [0] * 200))
        self.run_mlp("train", "a.npz", "--x", "points", "--y", "height", "-o", "m", "-q")
        (result,) = self.json_lines("eval", "m", "a.npz", "--x", "points", "--y", "height")
        self.assertGreater(result["r2"], 0.97)
        out, _ = self.run_mlp("predict", "m", "a.npz", "--x", "points", "--no-header")
        self.assertEqual(len(out.split()), 200)
        _, errors = self.run_mlp("train", "a.npz", "--x", "nothing", expect=2)
        self.assertIn("points.npy, height.npy, x.npy", errors)

    def test_npy_has_its_target_in_the_last_column(self):
        values = [f(n) for n in range(150) for f in (lambda n: n % 7, lambda n: n % 5, lambda n: n % 7 / 2)]
        self.write_bytes("a.npy", make_data.npy((150, 3), values))
        self.run_mlp("train", "a.npy", "-o", "m", "-q", "--task", "numbers")
        (result,) = self.json_lines("eval", "m", "a.npy")
        self.assertGreater(result["r2"], 0.97)

    def test_fann(self):
        rows = ["%d %d\n%d\n" % (n % 3, n % 2, n % 3 + n % 2) for n in range(60)]
        self.write("sum.train", "60 2 1\n" + "".join(rows))
        lines = self.json_lines("train", "sum.train", "-o", "m", "--task", "numbers")
        self.assertEqual(lines[0]["settings"]["network"].split("-")[0], "2")
        (result,) = self.json_lines("eval", "m", "sum.train")
        self.assertGreater(result["r2"], 0.97)


class Columns(CommandTest):
    def test_delimiter_and_header(self):
        rows = ["%d|%d,5|%d\n" % (n % 9, n % 4, n % 9 + n % 4) for n in range(1, 81)]
        self.write("bars.csv", "".join(rows))
        for delimiter in ("bar", "|"):
            lines = self.json_lines("train", "bars.csv", "-d", delimiter, "--header", "no", "-e", "1",
                                    "--categorical", "2", "--task", "numbers")
            self.assertEqual(lines[0]["settings"]["network"].split("-")[0], "5")
        lines = self.json_lines("train", "bars.csv", "-d", "bar", "--header", "yes", "-e", "1",
                                "--categorical", "-2", "--task", "numbers", "-v", "0")
        self.assertEqual(lines[0]["settings"]["training_rows"], 79)

    def test_weights_of_zero_take_rows_away(self):
        right = ["%d,%d,1\n" % (n % 10, n % 10) for n in range(100)]
        wrong = ["%d,%d,%%s\n" % (n % 10, 1000 - n % 10) for n in range(100)]
        found = []
        for weight in ("0", "1"):
            self.write("w.csv", "x,y,w\n" + "".join(right) + "".join(wrong) % ((weight,) * 100))
            self.run_mlp("train", "w.csv", "-t", "y", "--weight", "w", "-o", "m", "-q", "-e", "100",
                         "--task", "numbers", "-v", "0", "--output-scaling", "none", "--eta", "0.01")
            self.write("new.csv", "x\n5\n")
            out, _ = self.run_mlp("predict", "m", "new.csv", "--no-header")
            found.append(float(out))
        self.assertAlmostEqual(found[0], 5, delta=1)
        self.assertGreater(found[1], 50)
        self.write("w.csv", "x,y,w\n" + "1,2,-1\n3,4,1\n" * 20)
        _, errors = self.run_mlp("train", "w.csv", "-t", "y", "--weight", "w", expect=3)
        self.assertIn("expected a weight that is not negative", errors)

    def test_kinds_of_columns_may_be_said(self):
        self.write("k.csv", "zip,size,y\n" + "".join("%d,%d,%d\n" % (n % 4, n % 6, n % 3) for n in range(90)))
        for more, inputs, task in (([], 2, "classes"), (["--task", "numbers"], 2, "numbers"),
                                   (["--categorical", "zip"], 5, "classes"),
                                   (["--categorical", "zip,size"], 10, "classes"),
                                   (["--categorical", "zip", "--ignore", "size"], 4, "classes")):
            with self.subTest(more=more):
                self.run_mlp("train", "k.csv", "-e", "1", "-q", *more)
                (info,) = self.json_lines("info", "k.safetensors")
                self.assertEqual(info["inputs"], inputs)
                self.assertEqual(info["encoding"]["task"], task)
        self.write("t.csv", "a,y\n" + "".join("%s,%d\n" % ("x" if n % 3 else n, n) for n in range(60)))
        _, errors = self.run_mlp("train", "t.csv", "--numeric", "a", expect=3)
        self.assertIn("t.csv:3:1", errors)
        self.run_mlp("train", "t.csv", "-e", "1", "-q")

    def test_unseen_categories_are_zero_if_that_was_said(self):
        self.write("c.csv", "town,y\n" + "".join("%s,%d\n" % ("ab"[n % 2], n % 2 * 10) for n in range(60)))
        self.write("new.csv", "town\na\nz\nb\n")
        self.run_mlp("train", "c.csv", "-e", "5", "-q", "--task", "numbers")
        _, errors = self.run_mlp("predict", "c.safetensors", "new.csv", expect=3)
        self.assertIn("new.csv:3:1", errors)
        self.run_mlp("train", "c.csv", "-e", "5", "-q", "--task", "numbers", "--unseen", "zero")
        out, _ = self.run_mlp("predict", "c.safetensors", "new.csv", "--no-header")
        self.assertEqual(len(set(out.split())), 3)

    def test_very_many_columns(self):
        columns = 20000
        names = ",".join("c%d" % i for i in range(columns))
        rows = "".join(",".join("%d" % ((n * i) % 7) for i in range(columns)) + "\n" for n in range(6))
        self.write("wide.csv", names + "\n" + rows)
        self.run_mlp("train", "wide.csv", "-t", "c9", "--ignore", "c1,c2,c3", "--hidden", "2", "-e", "1",
                     "-q", "--task", "numbers", "-o", "m")
        out, _ = self.run_mlp("predict", "m", "wide.csv", "--no-header", "-q")
        self.assertEqual(len(out.split()), 6)


if __name__ == "__main__":
    main()
