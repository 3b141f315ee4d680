"""The largest differences so far, by what was compared; run_checks.py reports them."""

import collections

MEASURED = collections.defaultdict(lambda: (0.0, 0))


def measure(what, difference):
    largest, count = MEASURED[what]
    MEASURED[what] = max(largest, difference), count + 1
