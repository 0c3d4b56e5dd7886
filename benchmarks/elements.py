"""What every page draws, written down so that two versions of the app can be compared element by element.

    python -m benchmarks.elements --datasets demo,adventureworks --out before.json
    python -m benchmarks.elements --compare before.json after.json

Each page of the menu is opened under each filter; an element is one line: where it stands, its type, and a digest of
all that the browser is sent for it (words, specification, rows). Compare prints the elements that differ, 1 if any do.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from streamlit.testing.v1 import AppTest

from ui.shell import PAGES

ROOT: Final = Path(__file__).resolve().parents[1]

FILTERS: Final[dict[str, dict[str, str | list[str]]]] = {
    "none": {},
    "a year before": {"preset": "last_year"},
    "all days, no comparison": {"preset": "all", "compare": "none"},
    "one country": {"country": ["Germany"]},
}
"""Name of a filter -> the link that sets it."""

ADDRESSES: Final = ("url", "deferred_file_id")
"""Fields of an element that are made anew in each session and show nothing."""

Elements = dict[str, list[str]]


def main() -> int:
    """Write down all pages, or compare two such files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", default="demo", help="names of prepared datasets, separated by commas")
    parser.add_argument("--out", type=Path, help="file to write")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    args = parser.parse_args()
    if args.compare:
        before, after = (json.loads(path.read_text(encoding="utf-8")) for path in args.compare)
        return differences(before, after)
    drawn: Elements = {}
    for dataset in args.datasets.split(","):
        for name, link in FILTERS.items():
            for entry in PAGES:
                drawn[f"{dataset} | {entry.file} | {name}"] = page(dataset, str(entry.file), link)
    args.out.write_text(json.dumps(drawn, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(drawn)} pages, {sum(map(len, drawn.values())):,} elements")
    return 0


def page(dataset: str, file: str, link: dict[str, str | list[str]]) -> list[str]:
    """The elements of one page, one line each."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=300)
    for key, value in {"dataset": dataset, **link}.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"pages/{file}").run()
    if app.exception:
        raise RuntimeError(f"{dataset}, {file}: {app.exception[0].message}")
    return list(_lines(app._tree, ""))


def _lines(block: Any, path: str) -> Iterator[str]:
    for index, child in block.children.items():
        where = f"{path}/{index}"
        if hasattr(child, "children"):
            yield f"{where} {child.type}"
            yield from _lines(child, where)
        else:
            proto = getattr(child, "proto", None)
            for field in ADDRESSES:
                if proto is not None and field in proto.DESCRIPTOR.fields_by_name:
                    proto.ClearField(field)
            content = proto.SerializeToString(deterministic=True) if proto is not None else b""
            words = str(getattr(child, "label", "") or getattr(child, "value", ""))[:60].replace("\n", " ")
            digest = hashlib.sha256(content).hexdigest()[:12]
            yield f"{where} {child.type} {digest} {words if child.type != 'arrow_vega_lite_chart' else ''}".rstrip()


def differences(before: Elements, after: Elements) -> int:
    """Print what differs; 1 if anything does."""
    different = 0
    for name in sorted(before.keys() | after.keys()):
        lines = list(difflib.unified_diff(before.get(name, []), after.get(name, []), lineterm="", n=0))[2:]
        changed = [line for line in lines if line[0] in "+-"]
        if changed:
            different += 1
            print(f"{name}: {len(changed)} lines differ", *changed[:20], sep="\n  ")
    print(f"{len(before.keys() | after.keys())} pages compared, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
