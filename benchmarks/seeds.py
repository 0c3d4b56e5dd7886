"""Good files from which mutants are made: small ones of our own, and those of ../shared/corpora where it is there."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.mutants import packed

CORPORA: Final = Path("../shared/corpora")

LARGEST: Final = 150_000
"""Bytes of a file that is taken from a pack: larger ones take time and show nothing more."""

PACKS: Final[dict[str, tuple[str, str | tuple[str, ...]]]] = {
    "pollock_half": ("csv", ".csv"),
    "spreadsheets_calamine": ("xlsx", (".xlsx", ".ods", ".xlsb", ".xls")),
    "parquet_good": ("parquet", ".parquet"),
    "parquet_fuzz_half": ("parquet", ""),
    "naughty_strings": ("csv", ".txt"),
}
"""Pack -> kind of file, and how the names of its files end."""

_ROWS: Final = [
    *(["Order", "Date", "Customer", "Product", "Quantity", "Amount"],),
    *(
        [
            f"A{n:03}",
            f"2024-{n % 12 + 1:02}-{n % 27 + 1:02}",
            f"C{n % 7}",
            f"Tea no. {n % 5}",
            str(n % 4 + 1),
            f"{n}.50",
        ]
        for n in range(30)
    ),
]

SALES: Final = "\n".join(",".join(row) for row in _ROWS).encode() + b"\n"

TEXTS: Final[Mapping[str, bytes]] = {
    "commas": SALES,
    "semicolons": SALES.replace(b",", b";").replace(b".50", b",50").replace(b"\n", b"\r\n"),
    "tabs": SALES.replace(b",", b"\t"),
    "bars": SALES.replace(b",", b"|").replace(b"Tea", "Thé glacé".encode()),
    "quoted": "\n".join(",".join(f'"{cell}"' for cell in row) for row in _ROWS).encode(),
    "several lines": SALES.replace(b"Tea no. 1", b'"Tea, the\nbest ""of all"""'),
    "apostrophes": SALES.replace(b"Tea no. 2", b"'Tea, no. 2'"),
    "western": SALES.replace(b",", b";").replace(b"Tea", "Käse für Müller".encode("cp1252")),
    "wide": SALES.decode().encode("utf-16"),
    "title above": b"Sales of the year\n\n" + SALES + b"Total,,,,,450.00\n",
}

RECIPE: Final = b"""title = "Mutants"
currency = "EUR"

[policies]
negative_quantity = "returns"
unreadable = "set_aside"

[lines]
files = "sales.csv"

[lines.columns]
order_id = "Order"
ordered_on = "Date"
customer_id = "Customer"
product = { column = "Product", values = { "Tea no. 1" = "First" } }
quantity = "Quantity"
revenue = "Amount"
"""


def own() -> dict[str, list[tuple[str, bytes]]]:
    """Kind of file -> name and content of each that is made here."""
    frame = pl.DataFrame(_ROWS[1:], schema=_ROWS[0], orient="row")
    typed = frame.with_columns(
        pl.col("Date").str.to_date(), pl.col("Quantity").cast(pl.Int32), pl.col("Amount").cast(pl.Float64)
    )
    tables = {}
    for name, compression in (("plain", "uncompressed"), ("packed", "zstd")):
        written = io.BytesIO()
        typed.write_parquet(written, compression=compression)  # type: ignore[arg-type]
        tables[name] = written.getvalue()
    recipes = Path(__file__).resolve().parents[1] / "data" / "recipes"
    return {
        "csv": list(TEXTS.items()),
        "toml": [("mutants", RECIPE), *((path.name, path.read_bytes()) for path in sorted(recipes.glob("*.toml")))],
        "zip": [
            ("one", packed({"sales.csv": SALES})),
            ("several", packed({f"{name}.csv": content for name, content in TEXTS.items()})),
            ("mixed", packed({"a/sales.csv": SALES, "b/table.parquet": tables["plain"], "note.txt": b"Hello\n"})),
        ],
        "xlsx": [("sales", workbook(_ROWS))],
        "parquet": list(tables.items()),
    }


def seeds(corpora: Path = CORPORA) -> dict[str, list[tuple[str, bytes]]]:
    """Kind of file -> name and content of each seed."""
    found = own()
    for pack, (kind, ends) in PACKS.items():
        path = corpora / f"{pack}.tar.xz"
        if not path.is_file():
            continue
        with tarfile.open(path) as tar:
            for item in tar:
                if item.isfile() and item.name.endswith(ends) and item.size <= LARGEST and "/clean/" not in item.name:
                    content = tar.extractfile(item)
                    assert content is not None
                    found[kind].append((item.name, content.read()))
    return found


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A spreadsheet with one sheet: numbers where cells are numbers, else texts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [
            f'<c r="{chr(65 + place)}{number}"><v>{cell}</v></c>'
            if cell.replace(".", "", 1).isdigit()
            else f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for place, cell in enumerate(row)
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return packed(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
                f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Sales" sheetId="1" r:id="r1"/>'
                "</sheets></workbook>"
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
                'Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
            ).encode(),
        }
    )
