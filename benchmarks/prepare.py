"""`python -m benchmarks.prepare`: a CSV of order lines to a prepared dataset, beside DuckDB's and polars' own copies.

The CSV is the demo data as a shop system would hand it over, by day, 15 columns, with one unreadable row for every
ten thousand good ones: a quantity or a date that is none. What each does:

- prepare: the app's import. Typed and checked by its rules, rejected rows kept with file, row and reason, ids coded,
  sorted by customer, day, order and product, orders proven to have one day, customer and place, files digested and made
  durable.
- duckdb: its own validated copy. Typed columns, rejected rows kept (`store_rejects`) and written too; not sorted.
- duckdb_sorted: the same, sorted by customer, day, order and product.
- polars: `scan_csv` with the same types to `sink_parquet`; rows with unreadable cells are dropped, not kept.

Each runs in a process of its own, in turns; reported are the median times and the peak memory of that process.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import demo, options
from benchmarks.measure import alone, peak_mb, timed

SPOILED_EVERY: Final = 10_000
"""One unreadable row for so many good ones."""

BASELINE: Final = "duckdb"
"""What the times are divided by."""

RECIPE: Final = """
title = "Flat sales"
currency = "USD"

[policies]
unreadable = "set_aside"

[lines]
files = "sales.csv"

[lines.columns]
order_id = "order_id"
ordered_on = "ordered_on"
customer_id = "customer_id"
product_id = "product_id"
product = "product"
category = "category"
subcategory = "subcategory"
continent = "continent"
country = "country"
region = "region"
channel = "channel"
quantity = "quantity"
unit_price = "unit_price"
discount = "discount"
cost = "cost"
"""

TYPES: Final = {
    "order_id": "VARCHAR", "ordered_on": "DATE", "customer_id": "VARCHAR", "product_id": "VARCHAR",
    "product": "VARCHAR", "category": "VARCHAR", "subcategory": "VARCHAR", "continent": "VARCHAR",
    "country": "VARCHAR", "region": "VARCHAR", "channel": "VARCHAR", "quantity": "INTEGER",
    "unit_price": "DECIMAL(18,4)", "discount": "DECIMAL(18,4)", "cost": "DECIMAL(18,4)",
}  # fmt: skip
"""Columns of the CSV with the types that DuckDB reads them as."""


def csv_folder(lines: int) -> Path:
    """The folder with `sales.csv` and its recipe, written once."""
    from data.generator import export

    entry = demo.ready(lines)
    folder = demo.folder() / f"csv_{lines}"
    if not (folder / "recipe.toml").is_file():
        folder.mkdir(exist_ok=True)
        export.csv_lines(entry.path, folder / "sales.csv")
        with (folder / "sales.csv").open("a", encoding="utf-8") as file:
            for number in range(spoiled(lines)):
                day, quantity = ("2025-02-30", "1") if number % 2 else ("2025-02-28", "one")
                file.write(f"SX{number:09},{day},C000000001,P1001,Spoiled,,,,,,Online,{quantity},1.00,0.00,0.50\n")
        (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    return folder


def spoiled(lines: int) -> int:
    """How many unreadable rows the CSV has."""
    return max(1, lines // SPOILED_EVERY)


def prepare(folder: Path, out: Path) -> dict[str, int]:
    """The app's import; returns what it kept, what it rejected and the money."""
    from data import prepare
    from data.recipe import recipes

    result = prepare.prepare(recipes.read(str(folder / "recipe.toml")), folder, home=out, name="measured")
    counted = result.prepared.reconciliation
    return {"kept": counted.lines_kept, "rejected": counted.rows_read - counted.lines_kept, "revenue": counted.revenue}


def duckdb(folder: Path, out: Path) -> dict[str, int]:
    """DuckDB's validated copy in the order of the file."""
    return _duckdb(folder, out, "")


def duckdb_sorted(folder: Path, out: Path) -> dict[str, int]:
    """DuckDB's validated copy, sorted."""
    return _duckdb(folder, out, "ORDER BY customer_id, ordered_on, order_id, product_id")


def _duckdb(folder: Path, out: Path, order: str) -> dict[str, int]:
    import duckdb

    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"SET temp_directory = '{out / 'spill'}'")
        con.execute(
            f"""COPY (SELECT * FROM read_csv('{folder / "sales.csv"}', header = true, columns = {TYPES!r},
                store_rejects = true, rejects_limit = 0) {order})
                TO '{out / "lines.parquet"}' (FORMAT parquet, COMPRESSION zstd)"""
        )
        con.execute(f"COPY reject_errors TO '{out / 'rejected.parquet'}' (FORMAT parquet)")
        return _counted(con, out, con.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0])


def polars(folder: Path, out: Path) -> dict[str, int]:
    """polars' streaming copy."""
    import polars as pl

    kinds = {"VARCHAR": pl.String(), "DATE": pl.Date(), "INTEGER": pl.Int32(), "DECIMAL(18,4)": pl.Decimal(18, 4)}
    schema = {name: kinds[kind] for name, kind in TYPES.items()}
    needed = ("ordered_on", "quantity", "unit_price", "discount", "cost")
    frame = pl.scan_csv(folder / "sales.csv", schema=schema, ignore_errors=True)
    frame.filter(pl.col(name).is_not_null() for name in needed).sink_parquet(out / "lines.parquet", compression="zstd")
    return {}


def _counted(con: Any, out: Path, rejected: int) -> dict[str, int]:
    lines = out / "lines.parquet"
    kept, revenue = con.execute(
        f"SELECT count(*), (sum(unit_price * quantity - discount) * 10000)::BIGINT FROM '{lines}'"
    ).fetchall()[0]
    return {"kept": kept, "rejected": rejected, "revenue": revenue}


IMPORTS: Final[dict[str, Callable[[Path, Path], dict[str, int]]]] = {
    "prepare": prepare,
    "duckdb": duckdb,
    "duckdb_sorted": duckdb_sorted,
    "polars": polars,
}


def measured(name: str, folder: Path, out: Path) -> dict[str, Any]:
    """One import in this process, which does nothing else: its counts, times and peak memory."""
    for module in ("data.prepare", "duckdb", "polars"):
        __import__(module)  # loading libraries is no part of the import
    counts, cost = timed(lambda: IMPORTS[name](folder, out))
    peak = peak_mb()
    if not counts:
        import duckdb as engine

        counts = _counted(engine.connect(), out, -1)
    size = sum(file.stat().st_size for file in out.rglob("*.parquet"))
    return {"engine": name, "wall_s": cost.wall_s, "cpu_s": cost.cpu_s, "rss_mb": peak, "bytes": size, **counts}


def run(lines: int, rounds: int) -> list[dict[str, Any]]:
    """Each import in turn, each in its own process; raises AssertionError where one keeps other lines or money."""
    folder, records = csv_folder(lines), []
    revenue: int | None = None
    for turn in range(rounds):
        for name in IMPORTS:
            with tempfile.TemporaryDirectory(dir=demo.folder()) as out:
                record = alone(measured, name, folder, Path(out))
            revenue = record["revenue"] if revenue is None else revenue
            assert record["kept"] == lines, f"{name} kept {record['kept']:,} of {lines:,} lines"
            assert record["rejected"] in (-1, spoiled(lines)), f"{name} rejected {record['rejected']:,} rows"
            assert record["revenue"] == revenue, f"{name}: revenue {record['revenue']:,} instead of {revenue:,}"
            records.append({"lines": lines, **record})
            print(f"{turn + 1} of {rounds}  {name:14} {record['wall_s']:7.2f} s", flush=True)
    return records


def report(records: list[dict[str, Any]]) -> str:
    """The median of the rounds, as text."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        grouped[record["engine"]].append(record)
    middle = {n: {key: median(r[key] for r in found) for key in ("wall_s", "cpu_s")} for n, found in grouped.items()}
    lines = [f"{'':14} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'file MB':>8} {'wall':>7} {'cpu':>7}  of {BASELINE}"]
    for name, found in grouped.items():
        one, base = middle[name], middle[BASELINE]
        lines.append(
            f"{name:14} {one['wall_s']:8.2f} {one['cpu_s']:8.2f} {max(r['rss_mb'] for r in found):8,.0f} "
            f"{found[0]['bytes'] / 1e6:8,.0f} {one['wall_s'] / base['wall_s']:6.2f}x "
            f"{one['cpu_s'] / base['cpu_s']:6.2f}x"
        )
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = options.parser("prepare", __doc__, lines=1_000_000, rounds=3)
    chosen = parser.parse_args()
    records = run(chosen.lines, chosen.rounds)
    options.write(chosen.json, records)
    print(report(records))


if __name__ == "__main__":
    main()
