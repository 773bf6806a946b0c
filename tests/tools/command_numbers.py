"""mlp train, predict, eval of numbers; check and bench, which go by the same data."""
import json
import math
import os
import random
import struct
import zlib

import make_data
from support import CommandTest, main, table


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


class OutputsThatAreNotNumbers(CommandTest):
    WARNING = "mlp: warning: %d of %d rows have outputs that are not numbers\n"

    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        points = [(draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(80)]
        make_data.write_rows(self.path("k.csv"), ["a", "b", "k"],
                             [[a, b, "p" if a + b > 0 else "q"] for a, b in points])
        make_data.write_rows(self.path("y.csv"), ["a", "b", "y"], [[a, b, a + b] for a, b in points])
        self.write("far.csv", "a,b\n0.5,1\n1e38,-1e38\n3e38,3e38\n")
        for name in ("k.csv", "y.csv"):
            self.run_mlp("train", name, "-e", "3", "-q", "--activation", "relu")

    def npy_values(self, name, letter):
        made = self.read(name)
        values = made[10 + struct.unpack("<H", made[8:10])[0]:]
        return [value for value, in struct.iter_unpack("<" + letter, values)]

    def spoil(self, made, value):
        """Puts the value in place of the last layer's biases, with the checksum that goes with it."""
        content = self.read("k.safetensors")
        end = 8 + struct.unpack("<Q", content[:8])[0]
        header, data = json.loads(content[8:end]), bytearray(content[end:])
        first, last = header["2.bias"]["data_offsets"]
        data[first:last] = struct.pack("<f", value) * ((last - first) // 4)
        metadata = header["__metadata__"]
        del metadata["mlp.crc32"]
        text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        metadata["mlp.crc32"] = "%08x" % zlib.crc32(text.encode(), zlib.crc32(data))
        text = json.dumps(header, ensure_ascii=False).encode()
        text += b" " * (-len(text) % 8)
        with open(self.path(made), "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + data)

    def test_no_class_is_said(self):
        for more in ([], ["-q"]):
            out, errors = self.run_mlp("predict", "k.safetensors", "far.csv", *more)
            lines = out.splitlines()
            self.assertEqual((len(lines), lines[0], lines[3]), (4, "k", '""'))
            self.assertTrue({lines[1], lines[2]} <= {"p", "q"})
            self.assertTrue(errors.endswith(self.WARNING % (1, 3)), errors)
        out, _ = self.run_mlp("predict", "k.safetensors", "far.csv", "-p")
        self.assertEqual(out.splitlines()[3], '"",nan,nan')
        last = self.json_lines("predict", "k.safetensors", "far.csv", "-p")[-1]
        self.assertEqual(last, {"row": 3, "prediction": None, "probabilities": {"p": None, "q": None}})
        _, errors = self.run_mlp("predict", "k.safetensors", "far.csv", "-o", "k.npy", "-q")
        self.assertEqual(errors, self.WARNING % (1, 3))
        classes = self.npy_values("k.npy", "q")
        self.assertTrue({*classes[:2]} <= {0, 1})
        self.assertEqual(classes[2], -1)

    def test_numbers_say_what_they_are(self):
        out, errors = self.run_mlp("predict", "y.safetensors", "far.csv", "-q")
        lines = out.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertIn(lines[3], ("nan", "inf", "-inf"))
        self.assertEqual(errors, self.WARNING % (
            sum(not math.isfinite(float(line)) for line in lines[1:]), 3))
        self.assertIsNone(self.json_lines("predict", "y.safetensors", "far.csv")[2]["prediction"])

    def test_weights_that_are_not_numbers_say_nothing(self):
        self.spoil("same", 0.5)
        _, errors = self.run_mlp("predict", "same", "k.csv", "-q")
        self.assertEqual(errors, "")
        self.spoil("spoilt", math.nan)
        out, errors = self.run_mlp("predict", "spoilt", "k.csv", "-q")
        self.assertEqual(out, "k\n" + '""\n' * 80)
        self.assertEqual(errors, self.WARNING % (80, 80))
        _, errors = self.run_mlp("eval", "spoilt", "k.csv", expect=3)
        self.assertEqual(errors, "mlp: 80 of 80 rows have outputs that are not numbers, so there is no loss; "
                         "mlp predict shows them\n")

    def test_rows_that_are_too_large_have_no_loss(self):
        self.write("large.csv", "a,b,y\n0.5,1,1.5\n3e38,3e38,0\n0,0,0\n")
        _, errors = self.run_mlp("eval", "y.safetensors", "large.csv", expect=3)
        self.assertIn("mlp: 1 of 3 rows have outputs that are not numbers", errors)
        self.run_mlp("train", "y.csv", "-e", "1", "-q", "--f64", "-o", "double")
        self.write("far.csv", "a,b,y\n0.5,1,1e300\n0,0,0\n")
        _, errors = self.run_mlp("eval", "double", "far.csv", expect=3)
        self.assertEqual(errors, "mlp: the loss of these 2 rows is too large to be a number\n")


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
