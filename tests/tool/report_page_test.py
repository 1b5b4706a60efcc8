"""The report in a real browser: on a phone, on a desk and on paper, for two nodes and for eight."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import browser
import tool

PAGES = os.environ.get("REPORT_PAGES", "")  # a program of tests that writes both pages
PHONE, DESK = 420, 1200


class ReportPage(tool.ToolTest):
    @classmethod
    def setUpClass(cls):
        if not PAGES:
            raise unittest.SkipTest("the preset sim alone looks at pages")
        if not browser.BROWSER:
            raise unittest.SkipTest("there is no chromium; tools/setup installs it")
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.folder = pathlib.Path(cls.holder.name)
        subprocess.run([PAGES, "--gtest_filter=Report.Of*"], cwd=cls.folder, check=True,
                       capture_output=True, timeout=tool.LIMIT_S)

    def look(self, name, width, height, *options):
        """A picture of a page at that width; the share of its pixels that are not its ground."""
        picture = self.folder / f"{name}-{width}.png"
        browser.browse(self.folder / "profile", self.folder / f"{name}.html",
                       f"--window-size={width},{height}", f"--screenshot={picture}", *options)
        seen, channels, rows = browser.pixels(picture)
        self.assertEqual((seen, len(rows)), (width, height))
        ground = rows[0][:channels]
        inked = sum(row[i:i + channels] != ground for row in rows[::2]
                    for i in range(0, len(row), 2 * channels))
        right = sum(row[-2 * channels:-channels] != ground for row in rows)
        return inked / (width * height / 4), right

    def measure(self, name):
        """What the browser says of a page's layout on the phone and on the desk."""
        page = self.folder / f"{name}-framed.html"
        page.write_text(browser.framed(self.folder / f"{name}.html", [PHONE, DESK]),
                        encoding="utf-8")
        dom = browser.browse(self.folder / "profile", page, "--window-size=1800,1000",
                             "--dump-dom")
        found = re.search(r'<pre id="measured">(.*?)</pre>', dom, re.S)
        self.assertIsNotNone(found, dom[-2000:])
        return json.loads(found[1].replace("&amp;", "&").replace("&lt;", "<")
                          .replace("&gt;", ">"))

    def check(self, name, columns, smallest):
        phone, desk = self.measure(name)
        self.assertEqual((phone["width"], desk["width"]), (PHONE, DESK))
        for seen in (phone, desk):
            self.assertLessEqual(seen["content"], seen["width"], "it must be pushed sideways")
            self.assertEqual(seen["outside"], [])
            self.assertGreater(seen["drawn"]["ladder line"], 60)
            self.assertGreater(seen["drawn"]["ladder text"], 60)
            self.assertGreater(seen["drawn"]["plot line"], 2 * columns)
            self.assertGreater(seen["smallest"], smallest)
        for width, height in ((PHONE, 900), (DESK, 700)):
            inked, right = self.look(name, width, height)
            self.assertGreater(inked, 0.02, "the picture is blank")
            self.assertLess(inked, 0.5)
            self.assertLess(right, height / 10, "something is cut off at the right")

    def test_of_two_nodes(self):
        self.check("two_nodes", 2, 8)

    def test_of_eight_nodes(self):
        self.check("eight_nodes", 8, 8)

    def test_on_paper_nothing_is_cut_off(self):
        if not shutil.which("pdftotext"):
            self.skipTest("there is no pdftotext; tools/setup installs it")
        for name, columns in (("two_nodes", ["server", "client"]),
                              ("eight_nodes", ["server1", "client4"])):
            with self.subTest(name):
                paper = self.folder / f"{name}.pdf"
                browser.browse(self.folder / "profile", self.folder / f"{name}.html",
                               f"--print-to-pdf={paper}", "--no-pdf-header-footer")
                layout = subprocess.run(["pdftotext", "-bbox", str(paper), "-"], check=True,
                                        capture_output=True, text=True).stdout
                width = float(re.search(r'<page width="([\d.]+)"', layout)[1])
                words = re.findall(r'xMin="([\d.-]+)" yMin="[\d.]+" xMax="([\d.]+)"'
                                   r' yMax="[\d.]+">([^<]*)<', layout)
                self.assertGreater(len(words), 300)
                self.assertLessEqual(max(float(word[1]) for word in words), width)
                self.assertGreaterEqual(min(float(word[0]) for word in words), 0)
                for column in (*columns, "Ladder", "Connections", "Settings"):
                    self.assertIn(column, [word[2] for word in words])


if __name__ == "__main__":
    unittest.main()
