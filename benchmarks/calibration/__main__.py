"""`python -m benchmarks.calibration`: every claim on its worlds, as a table; status 1 where one does not hold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.calibration import topics
from benchmarks.calibration.registry import CLAIMS, Claim, Measurement


def row(claim: Claim, result: Measurement) -> str:
    """A claim as a row of a Markdown table."""
    power = "" if result.power is None else f"{result.power:.0%}"
    rate = f"{result.rate:.2f}" if claim.high > 1 else f"{result.rate:.1%}"
    mark = "" if claim.holds(result) else " **fails**"
    return f"| {claim.name} | {claim.promised} | {rate}{mark} | {power} | {result.worlds:,} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", metavar="WORDS", help="claims whose name has these words")
    parser.add_argument("--short", action="store_true", help="few worlds, as the test takes them")
    parsed = parser.parse_args(arguments)
    topics.load()
    chosen = [claim for name, claim in CLAIMS.items() if parsed.only.lower() in name.lower()]
    if not chosen:
        parser.error(f"no claim has '{parsed.only}' in its name; one of: {'; '.join(CLAIMS)}")
    print("| claim | promised | measured | power | worlds |\n|---|---|---|---|---|")
    broken = 0
    for claim in chosen:
        result = claim.measure(claim.few if parsed.short else claim.worlds)
        broken += not claim.holds(result, 3.0 if parsed.short else 0.0)
        print(row(claim, result), flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
