"""What every page draws, written down so that two versions of the app can be compared element by element.

    python -m benchmarks.elements --datasets demo,adventureworks --out before.json
    python -m benchmarks.elements --compare before.json after.json

Each page of the menu is opened under each filter, with every card's table open; an element is one line: where it
stands, its type, and a digest of all that the browser is sent for it (words, specification, rows with nine digits of
their numbers). Compare prints the elements that differ, 1 if any do.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from ui.menu import PAGES

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

ROWS: Final = ("data", "arrow_data")
"""Fields of an element that hold rows."""

ID: Final = re.compile(rb"\$\$ID-[0-9a-f]{32}")
"""What stands before a widget's key; a digest of the script's folder, too."""

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
                drawn[f"{dataset} | {entry.name} | {name}"] = page(dataset, entry.script, link)
    args.out.write_text(json.dumps(drawn, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(drawn)} pages, {sum(map(len, drawn.values())):,} elements")
    return 0


def page(dataset: str, script: str, link: dict[str, str | list[str]]) -> list[str]:
    """The elements of one page, one line each."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=300)
    for key, value in {"dataset": dataset, **link}.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(script).run()
    for key in (button.proto.id.split("-", 2)[-1] for button in app.get("popover")):
        if key.startswith("table_"):
            app.session_state[key] = True
    app.run()
    if app.exception:
        raise RuntimeError(f"{dataset}, {script}: {app.exception[0].message}")
    return list(_lines(app._tree, ""))


def _lines(block: Any, path: str) -> Iterator[str]:
    for index, child in block.children.items():
        where = f"{path}/{index}"
        if hasattr(child, "children"):
            yield f"{where} {child.type} {_digest(getattr(child, 'proto', None))}"
            yield from _lines(child, where)
        else:
            proto = getattr(child, "proto", None)
            if child.type == "dataframe" and proto is not None:
                headings = json.loads(proto.columns or "{}")
                proto.columns = json.dumps({name: headings.get(name) for name in sorted(child.value.columns)})
            words = str(getattr(child, "label", "") or getattr(child, "value", ""))[:60].replace("\n", " ")
            yield f"{where} {child.type} {_digest(proto)} {words}".rstrip()


def _digest(proto: Any) -> str:
    """A digest of what the browser is sent, but for what is made anew in each session.

    Sums of floats differ in their last digits with the order of the rows, which nothing shows.
    """
    fields = proto.DESCRIPTOR.fields_by_name if proto is not None else ()
    rows = ""
    for field in ROWS:
        if field in fields and getattr(proto, field).data:
            table = pa.ipc.open_stream(getattr(proto, field).data).read_all()
            frame = pl.DataFrame(pl.from_arrow(table)).with_columns(cs.float().round_sig_figs(9))
            rows = str(frame.schema) + frame.write_json()
            proto.ClearField(field)
    for field in ADDRESSES:
        if field in fields:
            proto.ClearField(field)
    content = proto.SerializeToString(deterministic=True) if proto is not None else b""
    return hashlib.sha256(ID.sub(b"", content) + rows.encode()).hexdigest()[:12]


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
