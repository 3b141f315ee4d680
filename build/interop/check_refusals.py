"""A network that a format cannot express is refused: with a reason, and without a file left behind."""

import json
import unittest

from cases import CASES

REFUSING = {"caffe", "keras"}


class Refusals(unittest.TestCase):
    def check(self, folder, ending):
        refused = json.loads((folder / "case.json").read_text("utf8"))["refused"][ending]
        self.assertEqual(refused["code"], "arguments", refused["text"])
        self.assertGreater(len(refused["text"]), 20)
        self.assertEqual(refused["left"], [])
        self.assertFalse((folder / f"plain.{ending}").exists())

    def test_only_two_formats_refuse(self):
        self.assertEqual({ending for _, ending in refusals()}, REFUSING)


def refusals():
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        for ending in json.loads((folder / "case.json").read_text("utf8"))["refused"]:
            yield folder, ending


def add_tests():
    for folder, ending in refusals():
        setattr(
            Refusals,
            f"test_{folder.name}__{ending}",
            lambda self, folder=folder, ending=ending: self.check(folder, ending),
        )


add_tests()
