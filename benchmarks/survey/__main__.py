"""`python -m benchmarks.survey DIR [--files N] [--seed N]`: write a pack of made-up survey files with their answers."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.survey.files import File, make

_RATE: Final = {
    "title": 282,
    "keys": 282,
    "tables": 188,
    "header_2": 47,
    "header_3": 47,
    "no_header": 470,
    "single_quotes": 11,
    "semicolon": 834,
}
"""How many of the 3,712 real files that Pollock's authors looked at have the trait."""


def write(folder: Path, count: int, seed: int) -> Counter[str]:
    """Write the files of the numbers `seed` to `seed + count - 1`; how often each trait occurs."""
    for name in ("csv", "clean"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    traits: Counter[str] = Counter()
    files = [make(number) for number in range(seed, seed + count)]
    for file in files:
        (folder / "csv" / file.name).write_bytes(file.content)
        with (folder / "clean" / file.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, quoting=csv.QUOTE_ALL).writerows(file.answer)
        traits.update(file.traits)
    weights = {file.name: weight(file, traits, count) for file in files}
    (folder / "pollock_weights.json").write_text(json.dumps(weights), encoding="utf-8")
    return traits


def weight(file: File, traits: Counter[str], count: int) -> float:
    """A file's weight: as much as makes its rarest trait as frequent as it is among real files."""
    shares = [_RATE[trait] / 3_712 / (traits[trait] / count) for trait in file.traits if trait in _RATE]
    return min([1.0, *shares])


def main(arguments: list[str] | None = None) -> int:
    """Write the pack and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survey", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args(arguments)
    traits = write(parsed.folder, parsed.files, parsed.seed)
    print(", ".join(f"{trait} {count:,}" for trait, count in sorted(traits.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
