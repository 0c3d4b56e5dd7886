"""Reads random sentences back: `python -m benchmarks.sentences [--sentences N] [--seed N]`; 1 where one is untrue."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    """Print how much was read and what was not so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=__doc__)
    parser.add_argument("--sentences", type=int, default=2000, help="how many to read (default 2,000)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first shop (default 0)")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SALES_HOME"] = home
        from benchmarks.sentences.reading import run

        started = time.perf_counter()
        result = run(Path(home), wanted=parsed.sentences, seed=parsed.seed)
    for one in result.untrue:
        print(one)
    print(f"{result.sentences:,} sentences with {result.claims:,} claims in {time.perf_counter() - started:.0f} s:")
    print(", ".join(f"{card} {count:,}" for card, count in sorted(result.by_card.items())))
    print(f"{len(result.untrue):,} untrue or not to be read")
    return 1 if result.untrue else 0


if __name__ == "__main__":
    sys.exit(main())
