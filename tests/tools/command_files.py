"""mlp export and info, help, completion, manual pages, the bar."""
import fcntl
import json
import math
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import zipfile
import zlib

import make_data
from support import MLP, ROOT, CommandTest, main, small_files


class Export(CommandTest):
    def setUp(self):
        super().setUp()
        make_data.houses(self.path("houses.csv"))
        self.run_mlp("train", "houses.csv", "-e", "5", "-q", "--hidden", "4,3")

    def test_csv_has_every_parameter(self):
        out, _ = self.run_mlp("export", "houses.safetensors", "--out", "w.csv")
        self.assertIn("wrote w.csv", out)
        rows = [line.split(",") for line in self.read("w.csv").decode().splitlines()]
        self.assertEqual(rows[0], ["layer", "kind", "unit", "input", "value"])
        weights = [row for row in rows if row[1] in "wb"]
        self.assertEqual(len(weights), 4 * 6 + 3 * 5 + 1 * 4)
        self.assertEqual(weights[0][:4], ["1", "w", "1", "1"])
        self.assertEqual(weights[-1][:4], ["3", "b", "1", ""])

    def test_csv_is_enough_for_a_forward_pass(self):
        out, _ = self.run_mlp("export", "houses.safetensors", "--format", "csv", "--out", "-")
        rows = [line.split(",") for line in out.splitlines()][1:] # no "wrote -" among them
        numbers, functions = {}, {}
        for layer, kind, unit, place, value in rows:
            if kind == "activation":
                functions[int(layer)] = {"relu": lambda s: max(s, 0.0), "identity": lambda s: s}[value]
            else:
                numbers[kind, int(layer), int(unit or 0), int(place or 0)] = float(value)
        towns = ("Basel", "Bern", "Zürich")
        x = [100.0, 3.0] + [float(town == "Bern") for town in towns]
        x = [(value - numbers["input_shift", 0, 0, i + 1]) / numbers["input_scale", 0, 0, i + 1]
             for i, value in enumerate(x)]
        for layer in (1, 2, 3):
            units = [unit for kind, l, unit, _ in numbers if kind == "b" and l == layer]
            x = [functions[layer](numbers["b", layer, unit, 0] +
                                  sum(numbers["w", layer, unit, i + 1] * value
                                      for i, value in enumerate(x))) for unit in units]
        y = x[0] * numbers["output_scale", 3, 1, 0] + numbers["output_shift", 3, 1, 0]
        self.write("one.csv", "area,rooms,town\n100,3,Bern\n")
        said, _ = self.run_mlp("predict", "houses.safetensors", "one.csv", "--no-header")
        self.assertAlmostEqual(y / float(said), 1, places=4)

    def test_npz_and_csv_and_safetensors_agree(self):
        self.run_mlp("export", "houses.safetensors", "--format", "npz")
        with zipfile.ZipFile(self.path("houses.npz")) as archive:
            names = archive.namelist()
            w1 = archive.read("w1.npy")
        for name in ("w1", "b1", "w2", "b2", "w3", "b3", "input_shift", "output_scale"):
            self.assertIn(name + ".npy", names)
        self.assertIn(b"(4, 5)", w1[:128])
        self.run_mlp("export", "houses.safetensors", "--out", "w.csv")
        rows = [line.split(",") for line in self.read("w.csv").decode().splitlines()]
        weights = [float(row[4]) for row in rows[1:] if row[0] == "1" and row[1] == "w"]
        values = struct.unpack("<20f", w1[-80:])
        self.assertEqual(list(values), [struct.unpack("f", struct.pack("f", w))[0] for w in weights])

    def test_c_passes_its_own_test(self):
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            self.skipTest("no C compiler")
        self.run_mlp("export", "houses.safetensors", "--out", "house.c", "--name", "house")
        subprocess.run([compiler, "-Dhouse_MAIN", "house.c", "-lm", "-o", "house"],
                       cwd=self.folder.name, check=True)
        subprocess.run(["./house"], cwd=self.folder.name, check=True)
        self.run_mlp("export", "houses.safetensors", "--out", "x.c", "--name", "no name", expect=2)

    def test_c_says_what_its_inputs_are(self):
        self.run_mlp("export", "houses.safetensors", "--out", "layout.c", "--name", "houses")
        text = self.read("layout.c").decode()
        self.assertTrue(text.startswith("/* Inputs, 5, raw (the file scales them itself):\n *   0  area\n"), text)
        self.assertIn(" *   2  1 if town is Basel, else 0\n", text)
        self.assertIn(" * Outputs, 1:\n *   0  price\n */\n", text)
        self.write("tricky.csv", "a*/b,kind\n" + "".join("%d,%s\n" % (n, "*/" if n % 2 else "x") for n in range(40)))
        self.run_mlp("train", "tricky.csv", "-e", "1", "-q")
        self.run_mlp("export", "tricky.safetensors", "-o", "tricky.c", "-q")
        head = self.read("tricky.c").decode().split(" */\n")[0]
        self.assertIn("0  a* /b\n", head) # the comment goes on
        self.assertIn("0  * /\n", head)
        self.assertIn("probabilities of the classes of kind:", head)
        self.assertFalse([name for name in os.listdir(self.folder.name) if name.startswith(".mlp-")])

    def test_c_replaces_the_file_that_a_link_names(self):
        self.write("old.c", "old")
        os.chmod(self.path("old.c"), 0o640)
        os.symlink("old.c", self.path("link.c"))
        self.run_mlp("export", "houses.safetensors", "--out", "link.c", expect=1, preexec_fn=small_files)
        self.assertEqual(self.read("old.c"), b"old")
        self.run_mlp("export", "houses.safetensors", "--out", "link.c")
        self.assertTrue(os.path.islink(self.path("link.c")))
        self.assertTrue(self.read("old.c").startswith(b"/* Inputs, 5"))
        self.assertEqual(os.stat(self.path("old.c")).st_mode & 0o777, 0o640)
        self.assertFalse([name for name in os.listdir(self.folder.name) if name.startswith(".mlp-")])

    def test_folded_model_says_the_same_without_scaling(self):
        self.run_mlp("export", "houses.safetensors", "--format", "safetensors")
        (info,) = self.json_lines("info", "houses-folded.safetensors")
        self.assertNotIn("input_scaling", info)
        want, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv", "--no-header")
        got, _ = self.run_mlp("predict", "houses-folded.safetensors", "houses.csv", "--no-header")
        self.assertEqual(len(want.split()), 300)
        self.assertEqual(len(got.split()), 300)
        for a, b in zip(want.split(), got.split()):
            self.assertAlmostEqual(float(a) / float(b), 1, places=3)

    def test_info_describes_the_model(self):
        out, _ = self.run_mlp("info", "houses.safetensors")
        for words in ("5-4-3-1, f32", "target: price", "one-hot: town", "trained on houses.csv", "relu", "optimizer adam", "eta 0.001"):
            self.assertIn(words, out)
        (info,) = self.json_lines("info", "houses.safetensors")
        self.assertEqual(info["parameters"], 43)
        self.assertRegex(info["digest"], "^[0-9a-f]{16}$")
        self.assertIn("digest " + info["digest"], out)
        self.run_mlp("export", "houses.safetensors", "--format", "safetensors")
        (folded,) = self.json_lines("info", "houses-folded.safetensors")
        self.assertNotEqual(info["digest"], folded["digest"])
        self.assertEqual(len(info["input_scaling"]["shift"]), 5)
        self.assertEqual(len(info["domain"]["lowest"]), 5)

    def test_a_model_of_another_program_predicts(self):
        tensors = {"fc.weight": ([1, 2], struct.pack("<2f", 2, -1)), "fc.bias": ([1], struct.pack("<f", 5))}
        header, data = {}, b""
        for name, (shape, values) in tensors.items():
            header[name] = {"dtype": "F32", "shape": shape,
                            "data_offsets": [len(data), len(data) + len(values)]}
            data += values
        text = json.dumps(header).encode()
        with open(self.path("theirs.safetensors"), "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + data)
        self.write("x.csv", "1,2\n3,4\n")
        out, _ = self.run_mlp("predict", "theirs.safetensors", "x.csv", "--header", "no")
        self.assertEqual(out.split(), ["y1", "5", "7"])
        out, _ = self.run_mlp("info", "theirs.safetensors")
        self.assertIn("not made by mlp train", out)
        self.run_mlp("eval", "theirs.safetensors", "x.csv", expect=3)
        self.write("wide.csv", "1,2,3\n")
        self.run_mlp("predict", "theirs.safetensors", "wide.csv", "--header", "no", expect=3)


class HostileNotes(CommandTest):
    """Model files whose checksum is right, and whose notes are not."""

    def rewrite(self, content, name, change):
        """The file with other metadata, in the way of docs/files.md."""
        end = 8 + struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8:end])
        metadata = header["__metadata__"]
        change(metadata)
        ours = {k: v for k, v in metadata.items() if k.startswith("mlp.") and k != "mlp.crc32"}
        text = json.dumps(dict(header, __metadata__=ours), sort_keys=True, separators=(",", ":"),
                          ensure_ascii=False)
        metadata["mlp.crc32"] = "%08x" % zlib.crc32(text.encode(), zlib.crc32(content[end:]))
        text = json.dumps(header).encode()
        text += b" " * (-(8 + len(text)) % 64)
        with open(self.path(name), "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + content[end:])

    def test_are_refused_and_harm_nobody(self):
        make_data.houses(self.path("houses.csv"), rows=50)
        self.run_mlp("train", "houses.csv", "-e", "2", "-q", "--hidden", "3")
        content = self.read("houses.safetensors")
        key = "mlp.note.encoding"
        self.rewrite(content, "same.safetensors", lambda metadata: None)
        want, _ = self.run_mlp("predict", "houses.safetensors", "houses.csv")
        got, _ = self.run_mlp("predict", "same.safetensors", "houses.csv")
        self.assertEqual(got, want)
        fewer = json.dumps({"version": 1, "columns": 2, "named": True, "task": "numbers",
                            "inputs": [{"name": "area", "column": 1}],
                            "targets": [{"name": "price", "column": 2}], "guessed": True,
                            "default_target": False, "missing": "refuse", "unseen": "refuse"})
        for text in ("", "{}", "[1]", "nonsense", fewer, "{" * 5000, fewer[:-9]):
            with self.subTest(text=text[:20]):
                self.rewrite(content, "bad.safetensors", lambda metadata: metadata.update({key: text}))
                for arguments in (["predict", "bad.safetensors", "houses.csv"],
                                  ["eval", "bad.safetensors", "houses.csv"],
                                  ["info", "bad.safetensors"], ["export", "bad.safetensors", "-o", "w.csv"]):
                    _, errors = self.run_mlp(*arguments, expect=3)
                    self.assertEqual(errors.count("\n"), 1, errors)
        # what is said of the training is for people: nonsense there is passed over
        for text in ("", "[]", "7", '{"loss": 3}', '{"loss": "cross_entropy", "epochs": "x"}', "{" * 5000,
                     '{"settings": 1, "validation": [], "loss": "huber", "loss_parameter": -1}'):
            with self.subTest(text=text[:20]):
                self.rewrite(content, "odd.safetensors",
                             lambda metadata: metadata.update({"mlp.note.training": text}))
                self.run_mlp("info", "odd.safetensors")
                self.json_lines("info", "odd.safetensors")
                got, _ = self.run_mlp("predict", "odd.safetensors", "houses.csv")
                self.assertEqual(got, want)


class Help(CommandTest):
    COMMANDS = ("train", "predict", "eval", "info", "check", "export", "bench", "completion")

    def options(self):
        """Every (command, option) that --help tells."""
        for command in self.COMMANDS:
            out, _ = self.run_mlp(command, "--help")
            self.assertTrue(out.startswith("usage: mlp %s " % command))
            for line in out.splitlines():
                self.assertLessEqual(len(line), 110, line)
            for option in re.findall(r"^ +(?:-\w, )?--([a-z0-9-]+)", out, re.MULTILINE):
                yield command, option

    def test_help_and_version(self):
        out, _ = self.run_mlp("--help")
        for command in self.COMMANDS:
            self.assertIn("\n  " + command, out)
        self.assertEqual(self.run_mlp("help"), (out, ""))
        self.assertEqual(self.run_mlp("help", "train"), self.run_mlp("train", "--help"))
        self.assertEqual(self.run_mlp("-V"), self.run_mlp("--version"))
        out, _ = self.run_mlp("--version")
        self.assertRegex(out, r"^mlp \d+\.\d+\.\d+, .* kernels, .*\n$")

    def test_completions_and_manual_know_every_option(self):
        texts = {shell: self.run_mlp("completion", shell)[0] for shell in ("bash", "zsh", "fish")}
        with open(os.path.join(ROOT, "man", "mlp.1"), encoding="utf-8") as file:
            manual = file.read()
        found = list(self.options())
        self.assertGreater(len(found), 100)
        for command, option in found:
            words = re.search(r"\b%s\) words='([^']*--[^']*)'" % command, texts["bash"]).group(1)
            self.assertIn("--" + option, words.split())
            self.assertIn("seen_subcommand_from %s' -l %s " % (command, option), texts["fish"])
            self.assertRegex(texts["zsh"], r"--%s[=\[}']" % option)
            section = manual.split(".Ss mlp %s\n" % command)[1].split(".Ss ")[0].split(".Sh ")[0]
            self.assertRegex(section, r"(?m)^\.It .*Fl -%s( |$)" % option)

    def test_committed_files_are_what_the_table_makes(self):
        if shutil.which("bash") is None:
            self.skipTest("no bash")
        script = os.path.join(ROOT, "scripts", "command-files")
        done = subprocess.run([script, "--check", MLP], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_manual_names_every_exit_status(self):
        with open(os.path.join(ROOT, "man", "mlp.1"), encoding="utf-8") as file:
            told = re.findall(r"^\.It (\d+)$", file.read(), re.MULTILINE)
        with open(os.path.join(ROOT, "tools", "cli", "message.h"), encoding="utf-8") as file:
            known = re.findall(r"^\t[A-Z_]+ = (\d+)", file.read(), re.MULTILINE)
        self.assertGreater(len(known), 6)
        self.assertEqual(told, known)

    def test_manual_names_every_header(self):
        with open(os.path.join(ROOT, "man", "mlp.3"), encoding="utf-8") as file:
            manual = file.read()
        for name in os.listdir(os.path.join(ROOT, "include", "mlp")):
            if name not in ("api.h", "mlp.h", "version.h"):
                self.assertIn("mlp/%s\n" % name, manual)

    def test_manual_pages_are_good_mdoc(self):
        if shutil.which("mandoc") is None:
            self.skipTest("no mandoc")
        pages = [os.path.join(ROOT, "man", name) for name in ("mlp.1", "mlp.3")]
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *pages], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.stdout.decode(), "")

    def test_shells_take_the_completions(self):
        missing = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell) is None]
        for shell in ("bash", "zsh", "fish"):
            if shell in missing:
                continue
            name = self.write("completion." + shell, self.run_mlp("completion", shell)[0])
            subprocess.run([shell, "-n", name], check=True)
        if shutil.which("bash") is not None:
            script = ("source completion.bash; COMP_WORDS=(mlp train --optimizer a); COMP_CWORD=3; _mlp; "
                      "echo ${COMPREPLY[@]}; COMP_WORDS=(mlp train -d se); COMP_CWORD=3; _mlp; "
                      "echo ${COMPREPLY[@]}; COMP_WORDS=(mlp pre); COMP_CWORD=1; _mlp; echo ${COMPREPLY[@]}")
            done = subprocess.run(["bash", "-c", script], cwd=self.folder.name, stdout=subprocess.PIPE)
            self.assertEqual(done.stdout.decode().split("\n")[:3], ["adam adamw", "semicolon", "predict"])
        if missing:
            self.skipTest("no " + missing[-1])


class Terminal(CommandTest):
    def test_names_from_files_do_not_reach_the_terminal_as_orders(self):
        name = "a\x1b[2J\x07\u009b5mb"
        self.write("x.csv", "%s,t,y\n" % name + "".join('%d,"\x1b]0;%s\n",%d\n' % (n, n % 2, n)
                                                     for n in range(40)))
        shown = [self.run_mlp("train", "x.csv", "-t", name + ",y", "-e", "2", "-o", "m\x1b[1m"),
                 self.run_mlp("info", "m\x1b[1m"), self.run_mlp("eval", "m\x1b[1m", "x.csv"),
                 self.run_mlp("train", "x.csv", "-t", name, "--numeric", "t", expect=3),
                 self.run_mlp("train", "x.csv", "-t", "y", "-v", "no\x1b", expect=3)]
        for out, errors in shown:
            for c in out + errors:
                self.assertTrue(c == "\n" or (ord(c) >= 0x20 and not 0x7f <= ord(c) < 0xa0), repr(out + errors))
        self.assertIn(r"target: a\x1b[2J\x07\xc2\x9b5mb", shown[0][0].replace("targets", "target"))

    def test_without_a_terminal_there_are_lines(self):
        make_data.houses(self.path("houses.csv"))
        _, errors = self.run_mlp("train", "houses.csv", "-e", "100", "--patience", "0")
        for line in errors.splitlines():
            self.assertRegex(line, r"^epoch \d+/100  loss \S+  validation \S+  rmse \S+  \S+ rows/s$")
        epochs = [int(line.split()[1].split("/")[0]) for line in errors.splitlines()]
        self.assertEqual(epochs[0], 1)
        self.assertEqual(epochs[-1], 100)
        self.assertEqual(epochs, sorted(set(epochs)))
        self.assertLessEqual(set(range(5, 101, 5)), set(epochs))

    def frames(self, columns):
        """What a terminal of this width is sent while mlp trains, until it has drawn some frames."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        process = subprocess.Popen([MLP, "train", "houses.csv", "-e", "20000", "--patience", "0"],
                                   cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=theirs,
                                   env=dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8"))
        os.close(theirs)
        drawn, asked = b"", False
        while True:
            try:
                piece = os.read(ours, 10000)
            except OSError: # the other end is closed
                break
            if not piece:
                break
            drawn += piece
            if drawn.count(b"\r") > 4 and b"loss" in drawn and not asked:
                process.send_signal(signal.SIGINT)
                asked = True
        os.close(ours)
        self.assertEqual(process.wait(), 130)
        os.remove(self.path("houses.safetensors.checkpoint"))
        bar, _, told = drawn.decode().partition("mlp: interrupted")
        self.assertIn("go on with", told)
        return bar.split("\r")

    def test_a_terminal_gets_a_bar_that_fits_and_goes_away(self):
        make_data.houses(self.path("houses.csv"), rows=3000)
        for columns, pattern in ((120, r"^epoch \d+/20000 [\u2501\u2500]+  loss \S+  validation \S+  "
                                       r"rmse \S+  \S+ rows/s  [\d:]+ left"),
                                 (60, r"^epoch \d+/20000 [\u2501\u2500]+  loss \S+  .*[\d:]+ left"),
                                 (30, r"^epoch \d+/20000 .*")):
            with self.subTest(columns=columns):
                frames = self.frames(columns)
                self.assertEqual(frames[-1], "\x1b[K")
                self.assertGreater(len(frames), 3)
                for frame in frames:
                    self.assertLess(len(frame.replace("\x1b[K", "")), columns)
                self.assertRegex(frames[-2], pattern)


if __name__ == "__main__":
    main()
