"""Runs every check_*.py beside this file; the last line of stdout is a JSON object with the counts."""

import json
import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    here = str(pathlib.Path(__file__).parent)
    suite = unittest.TestLoader().discover(here, pattern="check_*.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=Result).run(suite)
    for test, reason in result.skipped:
        print(f"skipped: {test}: {reason}")
    failed = len(result.failures) + len(result.errors)
    print(json.dumps({"passed": result.passed, "failed": failed, "skipped": len(result.skipped)}))


if __name__ == "__main__":
    main()
