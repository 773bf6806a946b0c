"""How C source is broken: every operator finds the places in a file where it applies and says what would stand
there. Text is taken as clang-format leaves it, which makes patterns enough: binary operators have blanks on
both sides, functions begin and end in the first column."""
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    function: str
    line: int
    column: int
    operator: str
    category: str
    begin: int
    end: int
    text: str  # in place of source[begin:end]
    before: str  # the line, and what becomes of it
    after: str

    @property
    def name(self):
        return f"{self.path}:{self.line}:{self.column}:{self.operator}"

    @property
    def key(self):
        """What stays when lines above come and go."""
        return self.path, self.operator, self.before, self.after


def mask(source):
    """The source with blanks for comments, texts and preprocessor lines, so that nothing is found there."""
    pattern = (r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
               r"|^[ \t]*#(?:\\\n|[^\n])*")

    def blank(match):
        text = match.group()
        if text[0] in "\"'":
            return text[0] + "_" * (len(text) - 2) + text[0]
        return re.sub(r"[^\n]", " ", text)

    return re.sub(pattern, blank, source, flags=re.S | re.M)


def functions(masked):
    """(name, begin, end) of each body."""
    for match in re.finditer(r"^\{$.*?^\}$", masked, flags=re.S | re.M):
        head = masked[:match.start()].rstrip()
        head = head[max(head.rfind("\n}"), head.rfind(";\n"), 0):]
        name = re.search(r"(\w+(?:\(\w+\))?)\((?:[^()]|\([^()]*\))*\)$", head)
        yield name.group(1) if name else "?", match.start(), match.end()


def closing(masked, opening):
    """Where the bracket at `opening` is closed."""
    depth = 0
    for i in range(opening, len(masked)):
        depth += {"(": 1, ")": -1}.get(masked[i], 0)
        if depth == 0:
            return i
    return len(masked) - 1


OTHER = {"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=",
         "!=": "==", "&&": "||", "||": "&&", "|": "&", "&": "|", "<<": ">>", ">>": "<<",
         "fmax": "fmin", "fmin": "fmax", "vector_at_most": "vector_at_least",
         "vector_at_least": "vector_at_most", "CblasTrans": "CblasNoTrans", "CblasNoTrans": "CblasTrans",
         "true": "false", "false": "true"}
OPERAND = r"[A-Za-z_][\w.]*(?:->\w+|\[[^\[\]]*\])*"
CLEANUP = (r"(?:mlp_\w*|\w+_)?(?:free|deallocate|close|close_once|end|restore|release|unlock|unlinkat|decref"
           r"|discard|destroy|reset|clear|undo|drop|leave)")
TO_DISK = r"(?:fsync|rename|renameat|close|close_once|synchronise|fclose|fflush|fwrite|write|fchmod|fstat)"


def other(match):
    return OTHER[match.group(1)]


def number(match):
    return {"0": "1", "1": "0", "2": "3"}.get(match.group(1)) or str(int(match.group(1)) + 1)


# (operator, category, pattern, what stands there); a group named `at` is what is replaced, else group 1
SIMPLE = [
    ("arithmetic", "formula", r" ([+\-*/]|<<|>>) ", other),
    ("arithmetic", "formula", r" ([+\-*/|&])= ", other),
    ("constant", "formula", r"(?<![\w.{])(\d+)(?![\w.}])", number),
    ("term", "formula", r"( [+\-*/] " + OPERAND + r")(?=[;,)])", lambda m: ""),
    ("operands", "formula", r"\b(" + OPERAND + "), (" + OPERAND + r")(?=[,)])", None),
    ("extreme", "formula", r"\b(fmax|fmin|vector_at_most|vector_at_least)\b(?=\()", other),
    ("transpose", "formula", r"\b(CblasTrans|CblasNoTrans)\b", other),
    ("boundary", "bound", r" (<|<=|>|>=) ", other),
    ("equality", "bound", r"(?<!status) (==|!=) ", other),
    ("loop-first", "bound", r"for \([^;()]* = (0);", lambda m: "1"),
    ("loop-last", "bound", r"for \([^;]*;[^;]* (<) [^;]*;", lambda m: "+ 1 <"),
    ("logic", "check", r"\s(&&|\|\|)\s", other),
    ("not", "check", r"[(\s](!)(?=[\w(])", lambda m: ""),
    ("truth", "check", r"\b(true|false)\b", other),
    ("returned", "error", r"return (-1|0|NULL);", lambda m: {"-1": "0", "0": "-1"}.get(m.group(1))),
    ("returned", "error", r"return (status);", lambda m: "MLP_OK"),
    ("code", "error", r"\b(MLP_ERR_\w+)\b",
     lambda m: "MLP_ERR_STATE" if m.group(1) == "MLP_ERR_VALUE" else "MLP_ERR_VALUE"),
    ("goes-on", "error", r"(status == MLP_OK)(?= &&|\))", lambda m: "1"),
    ("goes-on", "error", r"(status != MLP_OK)(?= &&|\))", lambda m: "0"),
    ("no-cleanup", "error", r"^\t+(" + CLEANUP + r"\([^;{}]*\));$", lambda m: ""),
    ("no-restore", "error", r"^\t+(errno = \w+);$", lambda m: ""),
    ("no-statement", "state", r"^\t+(\*?" + OPERAND + r" [+\-*/|&]?= [^;{}]*);$", lambda m: ""),
    ("no-call", "state", r"^\t+((?!return\b|goto\b|if\b|for\b|while\b)(?:\w+|\w+\(\w+\))\([^;{}]*\));$",
     lambda m: ""),
]


def without_messages(masked):
    """Nor is anything found in what a message says beside its words."""
    text = list(masked)
    for match in re.finditer(r"\b\w*fail\w*(\()", masked):
        end = closing(masked, match.start(1))
        comma = masked.find(",", match.start(1), end)
        if comma > 0:
            text[comma:end] = re.sub(r"[^\n]", " ", masked[comma:end])
    return "".join(text)


def simple(masked, source):
    masked = without_messages(masked)
    for operator, category, pattern, replace in SIMPLE:
        for match in re.finditer(pattern, masked, flags=re.M):
            if replace is None:
                text = source[match.start(2):match.end(2)] + ", " + source[match.start(1):match.end(1)]
                yield operator, category, match.start(), match.end(), text
            else:
                text = replace(match)
                if text is not None:
                    yield operator, category, match.start(1), match.end(1), text


def checks(masked, source):
    """if (...) before a failure: dropped, and turned round."""
    for match in re.finditer(r"\bif (\()", masked):
        end = closing(masked, match.start(1))
        rest = masked[end + 1:].lstrip(" \t\n{")
        if not re.match(r"(?:return (?:mlp_fail|data_fail|fail|false|-1|NULL|errno|MLP_ERR)|status = \w*fail"
                        r"|errno = |goto |break;|continue;|cursor->failed)", rest):
            continue
        yield "no-check", "check", match.start(1) + 1, end, "0"
        yield ("check-turned", "check", match.start(1) + 1, end,
               "!(" + source[match.start(1) + 1:end] + ")")


def failures(masked, source):
    """return ..._fail(...): success in its place."""
    for match in re.finditer(r"return (\w*fail\w*(\()[^;]*);", masked):
        text = "true" if match.group(1).startswith("data_fail") else "MLP_OK"
        yield "succeeds", "error", match.start(1), match.end(1), text
    for match in re.finditer(r"^\t+(status = \w*fail\w*\([^;]*);", masked, flags=re.M):
        yield "succeeds", "error", match.start(1), match.end(1), ""


def writes(masked, source):
    """A call that may fail, whose failure is not looked at."""
    for match in re.finditer(r"(?<!\w)" + TO_DISK + r"(\()", masked):
        end = closing(masked, match.start(1)) + 1
        test = re.match(r" (==|!=|<|>=) 0", masked[end:])
        if test:
            whole = source[match.start():end]
            value = "1" if test.group(1) in ("==", ">=") else "0"
            yield "ignored", "error", match.start(), end + test.end(), f"((void){whole}, {value})"


def limits(masked, source):
    """Enumerated bounds, outside functions."""
    for match in re.finditer(r"\b\w*(?:MOST|LIMIT|MAX)\w* = (\d+)(?=,| |$|\})", masked, flags=re.M):
        value = match.group(1)
        if "<<" in masked[match.end():match.end() + 4]:
            continue
        yield "limit", "check", match.start(1), match.end(1), str(max(int(value) // 2, 0))


def elsewhere(source):
    """Lines between #if and #endif that one processor or system alone compiles."""
    lines = set()
    depth = 0
    for number, line in enumerate(source.split("\n"), 1):
        if re.match(r"\s*#\s*if", line):
            depth += depth > 0 or re.search(r"MLP_ISA|__AVX|__SSE|__aarch64__|__APPLE__|_WIN32", line) is not None
        elif depth > 0 and re.match(r"\s*#\s*endif", line):
            depth -= 1
        elif depth > 0:
            lines.add(number)
    return lines


def line_of(source, at):
    begin = source.rfind("\n", 0, at) + 1
    end = source.find("\n", at)
    return begin, end if end >= 0 else len(source)


def apply(source, mutant):
    return source[:mutant.begin] + mutant.text + source[mutant.end:]


def mutants(path, source):
    """All of a file, in the order of places."""
    masked = mask(source)
    bodies = list(functions(masked))
    found, foreign = [], elsewhere(source)
    places = [(*place, True) for make in (simple, checks, failures, writes) for place in make(masked, source)]
    places += [(*place, False) for place in limits(masked, source)]
    for operator, category, begin, end, text, inside in places:
        name = next((n for n, b, e in bodies if b < begin < e), None)
        if inside and name is None or source[begin:end] == text or masked[begin:end].isspace():
            continue
        first, last = line_of(source, begin)
        if re.match(r"\s*(?:case|default)\b", masked[first:last]) and begin < masked.find(":", first):
            continue
        after = source[first:begin] + text + source[end:max(last, line_of(source, end)[1])]
        line = source.count("\n", 0, begin) + 1
        if line in foreign:
            continue
        found.append(Mutant(path, name or "-", line, begin - first + 1, operator,
                            category, begin, end, text, " ".join(source[first:last].split()),
                            " ".join(after.split())))
    return sorted(set(found), key=lambda m: (m.begin, m.end, m.operator, m.text))
