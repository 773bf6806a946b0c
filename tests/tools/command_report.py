"""The page of --report: well-formed, self-contained, and free of what names may smuggle in."""
import html.parser
import os
import re
import subprocess
import xml.dom.minidom

import make_data
from support import CommandTest, main

VOID = {"meta", "br", "link", "img", "input", "hr"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "div", "span", "b",
         "figure", "figcaption", "table", "tr", "th", "td", "footer", "svg", "g", "path", "line", "rect",
         "circle", "text"}


class Page(html.parser.HTMLParser):
    """Every tag is known and closed in turn; nothing refers to anything outside."""

    def __init__(self, test, text):
        super().__init__(convert_charrefs=True)
        self.test, self.open, self.texts, self.tags = test, [], [], []
        self.feed(text)
        self.close()
        test.assertEqual(self.open, [])

    def handle_starttag(self, tag, attributes):
        self.test.assertIn(tag, KNOWN)
        self.tags.append(tag)
        for name, value in attributes:
            self.test.assertFalse(name.startswith("on"), (tag, name))
            self.test.assertNotIn(name, ("href", "src", "xlink:href", "style"))
            self.test.assertNotIn("nan", (value or "").lower().split(), (tag, name, value))
            self.test.assertNotIn("inf", (value or "").lower().split(), (tag, name, value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.test.assertTrue(self.open and self.open[-1] == tag, (tag, self.open))
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


class Report(CommandTest):
    def page(self, name):
        text = self.read(name).decode("utf-8")
        page = Page(self, text)
        for picture in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
            xml.dom.minidom.parseString(picture)
        self.assertNotIn("://", text)
        self.assertNotIn("@import", text)
        self.assertNotIn("url(", text)
        self.assertIn("default-src 'none'", text)
        self.assertIn("prefers-color-scheme:dark", text)
        return page

    def test_classes(self):
        make_data.flowers(self.path("flowers.csv"), labels=("<script>alert(1)</script>", "a&b", "c'd"))
        self.run_mlp("train", "flowers.csv", "-e", "20", "--report", "r.html", "-q")
        page = self.page("r.html")
        self.assertEqual(page.tags.count("svg"), 3)
        for words in ("<script>alert(1)</script>", "Confusion matrix", "Accuracy", "Loss", "adam",
                      "softmax", "kept: epoch "):
            self.assertIn(words, " ".join(page.texts))

    def test_numbers(self):
        make_data.two_targets(self.path("two.csv"))
        self.run_mlp("train", "two.csv", "-t", "sum,product", "-e", "20", "--report", "r.html", "-q")
        page = self.page("r.html")
        self.assertEqual(page.tags.count("svg"), 4)
        self.assertIn("product: predicted and true values", page.texts)
        self.assertGreater(page.tags.count("circle"), 70)

    def test_of_an_evaluation(self):
        make_data.houses(self.path("houses.csv"))
        self.run_mlp("train", "houses.csv", "-e", "5", "-q")
        self.run_mlp("eval", "houses.safetensors", "houses.csv", "--report", "e.html")
        self.assertEqual(self.page("e.html").tags.count("svg"), 1)

    def test_names_and_numbers_of_all_kinds(self):
        subprocess.run([os.environ["MLP_REPORT_PAGE"], self.folder.name], check=True)
        for name in ("classes.html", "numbers.html"):
            page = self.page(name)
            # what is no UTF-8 is replaced, control characters are left out
            self.assertIn("<script>alert('1')</script> & \"\u00e9\" \ufffd\ufffd\ufffd", page.texts)


if __name__ == "__main__":
    main()
