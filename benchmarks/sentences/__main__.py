"""Reads random sentences back: `python -m benchmarks.sentences [--sentences N] [--seed N] [--data NAME ...]`.

Ends with 1 where one is untrue or badly formed, and where a function makes some that nothing reads or no view shows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.calibration.shops import present


def main() -> int:
    """Print how much was read and what was not so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=__doc__)
    parser.add_argument("--sentences", type=int, default=2000, help="how many to read (default 2,000)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first shop (default 0)")
    shops = [name for name in present() if name != "invented"]
    parser.add_argument("--data", nargs="*", default=[], choices=shops, help="read these first, then invented shops")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SALES_HOME"] = home
        from benchmarks.sentences.reading import run
        from benchmarks.sentences.register import NO_NUMBER, functions

        started = time.perf_counter()
        result = run(Path(home), wanted=parsed.sentences, seed=parsed.seed, others=parsed.data)
    for one in result.untrue:
        print(one)
    print(f"{result.sentences:,} sentences with {result.claims:,} claims in {time.perf_counter() - started:.0f} s:")
    print(", ".join(f"{card} {count:,}" for card, count in sorted(result.by_card.items())))
    unread = sorted(set(functions()) - NO_NUMBER - set(result.by_function))
    if unread:
        print(f"No view here shows what is made by {', '.join(unread)}")
    print(f"{len(result.untrue):,} untrue or not to be read")
    return 1 if result.untrue or unread else 0


if __name__ == "__main__":
    sys.exit(main())
