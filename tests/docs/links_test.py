"""Every link between the documents leads somewhere, and both READMEs show the same code."""

import re
import unittest

from markdown import ROOT, anchors, blocks, documents, links

PAGE = re.compile(r"\bdocs/[\w/-]+\.md\b")


class LinksTest(unittest.TestCase):
    def test_every_link_leads_to_a_file_and_heading_that_exist(self):
        seen = 0
        for document in documents():
            for link in links(document):
                path, _, anchor = link.partition("#")
                target = (document.parent / path).resolve() if path else document
                with self.subTest(document=str(document.relative_to(ROOT)), link=link):
                    seen += 1
                    self.assertTrue(target.exists())
                    self.assertTrue(target.is_relative_to(ROOT))
                    if anchor and target.suffix == ".md":
                        self.assertIn(anchor, anchors(target))
        self.assertGreater(seen, 10)

    def test_every_page_that_the_code_names_exists(self):
        named = {(page, str(path.relative_to(ROOT))) for folder in ("include", "src", "server", "bench", "testing")
                 for path in (ROOT / folder).rglob("*.[hc]*") for page in PAGE.findall(path.read_text())}
        self.assertGreater(len(named), 3)
        for page, path in sorted(named):
            with self.subTest(page=page, named_in=path):
                self.assertTrue((ROOT / page).exists())

    def test_the_translated_readme_shows_the_same_code(self):
        self.assertEqual(blocks(ROOT / "README.zh-CN.md"), blocks(ROOT / "README.md"))


if __name__ == "__main__":
    unittest.main()
