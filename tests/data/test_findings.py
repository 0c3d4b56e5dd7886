"""The rules that compare rows, against hand-made cases and a slow obvious twin; and what policies are worth."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import findings, staged, staging
from data.findings import Findings
from data.prepare import read
from data.reading import child
from data.recipe import recipes
from data.recipe.recipes import Recipe
from data.rules.policies import Policies
from data.rules.table import RULES
from data.sources import Origin

TODAY = date(2024, 6, 30)

RECIPE = """
title = "Shop"
currency = "EUR"

[policies]
unreadable = "set_aside"

[lines]
files = "*.csv"

[lines.columns]
order_id = "Order"
ordered_on = "Date"
customer_id = "Customer"
product_id = "Product"
quantity = "Quantity"
unit_price = "Price"
"""

Row = tuple[str, str, str, str, str, str]


def _origin(folder: Path, files: dict[str, list[Row]]) -> Origin:
    for name, rows in files.items():
        text = "Order,Date,Customer,Product,Quantity,Price\n" + "".join(",".join(row) + "\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8")
    return Origin(folder, folder)


def _recipe(**policies: str) -> Recipe:
    parsed = recipes.parse(RECIPE, file="rules", name="shop")
    return replace(parsed, policies=parsed.policies.but(policies))


def _find(folder: Path, files: dict[str, list[Row]], **policies: str) -> Findings:
    return findings.find(_recipe(**policies), _origin(folder, files), today=TODAY)


def _counts(found: Findings) -> dict[str, tuple[int, int]]:
    return {one.rule: (one.rows, one.money) for one in found.by_rule}


def test_duplicates_overlaps_and_contradictions(tmp_path: Path) -> None:
    first: list[Row] = [
        ("A1", "2024-01-02", "7", "P1", "2", "5.00"),
        ("A1", "2024-01-02", "7", "P1", "2", "5.00"),
        ("A1", "2024-01-02", "7", "P2", "1", "9.00"),
        ("A2", "2024-01-03", "8", "P2", "1", "9.00"),
    ]
    second: list[Row] = [
        ("A1", "2024-01-02", "7", "P1", "2", "5.00"),
        ("A1", "2024-01-02", "7", "P2", "1", "9.50"),
        ("A3", "2024-01-04", "8", "P2", "1", "9.00"),
    ]
    found = _find(tmp_path, {"a.csv": first, "b.csv": second})
    assert _counts(found) == {
        "duplicate_lines": (1, 100_000),
        "overlapping_files": (1, 100_000),
        "contradicting_files": (1, 95_000),
    }
    rows = {one.rule: [(row["file"], row["row"]) for row in one.examples] for one in found.by_rule}
    assert rows == {
        "duplicate_lines": [("a.csv", 3)],
        "overlapping_files": [("b.csv", 2)],
        "contradicting_files": [("b.csv", 3)],
    }
    (contradiction,) = [one for one in found.by_rule if one.rule == "contradicting_files"]
    assert contradiction.note == "1 of them have other money than the earlier row: 0.50 in all."


def test_a_block_pasted_twice_with_altered_prices(tmp_path: Path) -> None:
    day = date(2024, 1, 1)
    rows: list[Row] = [
        (f"A{n}", (day + timedelta(days=n // 20)).isoformat(), str(n % 50), f"P{n % 9}", "1", "10.00")
        for n in range(1000)
    ]
    pasted = [(*row[:5], "10.25") if number % 10 == 0 else row for number, row in enumerate(rows[:300])]
    found = _find(tmp_path, {"a.csv": rows + pasted})
    assert _counts(found) == {"duplicate_lines": (270, 270 * 100_000), "altered_price": (30, 30 * 102_500)}
    policies = _recipe().policies
    assert found.effect(policies, "duplicate_lines", "set_aside") == -270 * 100_000
    # The same rows in a file of their own.
    other = tmp_path / "other"
    other.mkdir()
    apart = _find(other, {"a.csv": rows, "b.csv": pasted})
    assert _counts(apart) == {"overlapping_files": (270, 270 * 100_000), "contradicting_files": (30, 30 * 102_500)}


def test_dates_that_a_spreadsheet_swapped(tmp_path: Path) -> None:
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(400)]
    truth = [(f"A{n}", day.isoformat(), "7", "P1", "1", "1.00") for n, day in enumerate(days)]
    # Only the second half went through the spreadsheet.
    swapped = [
        (row[0], date(day.year, day.day, day.month).isoformat(), *row[2:]) if n >= 200 and day.day <= 12 else row
        for n, (row, day) in enumerate(zip(truth, days, strict=True))
    ]
    wrong = sum(one != other for one, other in zip(truth, swapped, strict=True))
    found = _counts(_find(tmp_path, {"a.csv": swapped}))
    assert found["swapped_date"] == (wrong, wrong * 10_000)
    mended = read(_recipe(swapped_date="swap_back"), tmp_path, name="shop", today=TODAY)
    assert sorted(mended.lines["day"].to_list()) == days
    clean = tmp_path / "clean"
    clean.mkdir()
    assert "swapped_date" not in _counts(_find(clean, {"a.csv": truth}))


def test_prices_dates_and_products_out_of_range(tmp_path: Path) -> None:
    rows: list[Row] = [(f"A{n}", "2024-03-01", "7", "P1", "1", "10.00") for n in range(2000)]
    odd: list[Row] = [
        ("B1", "2024-03-01", "7", "P1", "1", "1000.00"),
        ("B2", "2024-12-24", "7", "P1", "1", "10.00"),
        ("B3", "1924-03-01", "7", "P1", "1", "10.00"),
        ("B4", "2024-03-01", "", "P1", "-1", "10.00"),
        ("B5", "2024-03-32", "7", "P1", "1", "10.00"),
    ]
    found = _counts(_find(tmp_path, {"a.csv": rows + odd}))
    assert found == {
        "price_range": (1, 10_000_000),
        "future_date": (1, 100_000),
        "date_range": (1, 100_000),
        "missing_customer": (1, -100_000),
        "negative_quantity": (1, -100_000),
        "unreadable_ordered_on": (1, 100_000),
        "missing_date": (1, 100_000),
    }


def test_currencies_are_never_summed(tmp_path: Path) -> None:
    text = "Order,Date,Customer,Product,Quantity,Price,Money\nA1,2024-01-01,7,P1,1,5,EUR\nA2,2024-01-01,7,P1,1,7,usd\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    recipe = recipes.parse(RECIPE + 'currency = "Money"\n', file="rules", name="shop")
    prepared = read(recipe, tmp_path, name="shop")
    assert prepared.reconciliation.revenue == 50_000
    assert [(one.rule, one.rows, one.money) for one in prepared.reconciliation.set_aside] == [("other_currency", 1, 0)]
    assert prepared.reconciliation.notes == ("Rows in another currency are not in these sums: 1 row with 7.00 USD.",)


def test_signs_of_several_currencies_are_never_summed(tmp_path: Path) -> None:
    prices = ["€1,000.50", "$ 7.00", "2.00 EUR", "3.00", "kr 10.00", "US$1.00", "12,00.0"]
    rows = "".join(f'A{number},2024-01-0{number + 1},7,P1,1,"{price}"\n' for number, price in enumerate(prices))
    (tmp_path / "a.csv").write_text("Order,Date,Customer,Product,Quantity,Price\n" + rows, encoding="utf-8")
    text = RECIPE.replace('files = "*.csv"', 'files = "*.csv"\nnumbers = "1,234.56"')
    recipe = recipes.parse(text, file="rules", name="shop")
    prepared = read(recipe, tmp_path, name="shop")
    assert prepared.reconciliation.revenue == 10_055_000
    assert {(one.rule, one.rows, one.money) for one in prepared.reconciliation.set_aside} == {
        ("other_currency", 3, 0),
        ("unreadable_unit_price", 1, 0),
    }
    found = findings.find(recipe, Origin(tmp_path, tmp_path), today=TODAY)
    other = next(one for one in found.by_rule if one.rule == "other_currency")
    assert other.note == "It is not in these sums: 2 rows with 8.00 USD, 1 row with 10.00 SEK."
    ends = found.outcome(recipe.policies)
    assert (ends.kept, ends.revenue, ends.aside, ends.aside_money) == (3, 10_055_000, 4, 0)


def test_credits_are_netted_against_the_order_they_name(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("A1", "2024-01-02", "7", "P1", "3", "5.00"),
        ("A1", "2024-01-02", "7", "P1", "-1", "5.00"),
        ("C9", "2024-01-05", "7", "P1", "-1", "5.00"),
    ]
    origin = _origin(tmp_path, {"a.csv": rows})
    prepared = read(_recipe(negative_quantity="net"), origin, name="shop")
    counts = prepared.reconciliation
    assert (counts.lines_kept, counts.revenue, counts.returns_kept, counts.returns_money) == (2, 100_000, 1, -50_000)
    assert prepared.orders["order_id"].to_list() == ["A1"]


ROW = st.tuples(
    st.sampled_from(["A1", "A2", "A3"]),
    st.sampled_from(["2024-01-02", "2024-01-03", ""]),
    st.sampled_from(["7", ""]),
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["1", "2", "-1", "0"]),
    st.sampled_from(["5.00", "6.00", "0", "-3"]),
)
POLICY = st.fixed_dictionaries(
    {
        name: st.sampled_from(options)
        for name, options in ((rule.name, rule.offered) for rule in RULES.values() if rule.options)
        if name not in ("swapped_date", "unknown_product")
    }
)


def _key(row: Row) -> tuple[Any, ...]:
    return (*row[:5], round(float(row[5]) * int(row[4]), 4))


def _twin(files: dict[str, list[Row]]) -> tuple[int, int, int]:
    """Rows that repeat, overlap and contradict, row by row."""
    repeated = overlapping = contradicting = 0
    earlier: list[list[Row]] = []
    for rows in files.values():
        repeated += len(rows) - len(set(rows))
        seen: Counter[tuple[Any, ...]] = Counter()
        orders = {(row[0], row[3]) for other in earlier for row in other}
        for row in rows:
            key = _key(row)
            seen[key] += 1
            if any(seen[key] <= sum(_key(one) == key for one in other) for other in earlier):
                overlapping += 1
            elif (row[0], row[3]) in orders:
                contradicting += 1
        earlier.append(rows)
    return repeated, overlapping, contradicting


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=8), st.lists(ROW, max_size=8), POLICY)
def test_random_files(
    tmp_path_factory: pytest.TempPathFactory, first: list[Row], second: list[Row], policies: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("rules")
    files = {"a.csv": first, "b.csv": second}
    files = {name: rows for name, rows in files.items() if rows}
    found = _find(folder, files)
    counts = {one.rule: one.rows for one in found.by_rule}
    assert (
        counts.get("duplicate_lines", 0),
        counts.get("overlapping_files", 0),
        counts.get("contradicting_files", 0),
    ) == _twin(files)
    # What the policies are said to be worth is what the import then does.
    recipe = _recipe(**policies)
    said = found.outcome(recipe.policies)
    assert said.kept + said.returned + said.aside == sum(map(len, files.values()))
    if not said.kept:
        return
    counted = read(recipe, folder, name="shop", today=TODAY).reconciliation
    aside = sum(rule.rows for rule in counted.set_aside), sum(rule.money for rule in counted.set_aside)
    assert (counted.lines_kept, counted.revenue) == (said.kept, said.revenue)
    assert (counted.returns_kept, counted.returns_money) == (said.returned, said.returns_money)
    assert aside == (said.aside, said.aside_money)


def test_findings_cross_between_processes(tmp_path: Path) -> None:
    import json

    found = _find(tmp_path, {"a.csv": [("A1", "2024-01-02", "", "P1", "-1", "0")]})
    assert findings.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_policies_in_a_recipe_stay_what_they_are() -> None:
    text = recipes.with_policies(RECIPE, Policies({"unreadable": "set_aside", "zero_price": "set_aside"}))
    parsed = recipes.parse(text, file="rules", name="shop")
    assert parsed.policies == Policies({"unreadable": "set_aside", "zero_price": "set_aside"})
    assert parsed.lines == recipes.parse(RECIPE, file="rules", name="shop").lines


def test_staged_tables_keep_the_rows_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Sales report\n\nOrder;row\nA1;7\n\nA2;8\n", encoding="utf-8")
    tables, refused = staging.stage([staging.Handed("a.csv", path)], tmp_path / "tables")
    assert not refused
    assert staged.scan(tables[0]).collect().select("row", "Order", "row (source)").rows() == [
        (4, "A1", "7"),
        (6, "A2", "8"),
    ]
    again, _ = staging.stage([staging.Handed("other name.csv", path)], tmp_path / "tables")
    assert (again[0].path, again[0].name) == (tables[0].path, "other name.csv")
    assert isinstance(pl.scan_parquet(tables[0].path), pl.LazyFrame)


def test_rows_that_are_no_sale_by_their_status_are_in_the_account(tmp_path: Path) -> None:
    """Rows in = rows kept + rows set aside, also where a status says that a row is no sale."""
    columns = "[lines.columns]\n"
    text = RECIPE.replace(columns, f'{columns}status = {{ column = "State", no_sale = ["Cancelled"] }}\n')
    assert text != RECIPE
    (tmp_path / "sales.csv").write_text(
        "Order,Date,Customer,Product,Quantity,Price,State\n"
        "1,2024-01-05,C1,P1,1,5.00,Paid\n2,2024-01-06,C2,P1,2,6.00,Cancelled\n",
        encoding="utf-8",
    )
    recipe = recipes.parse(text, file="rules", name="shop")
    account = read(recipe, tmp_path, name="shop").reconciliation
    assert [(item.rule, item.rows, item.money) for item in account.set_aside] == [("no_sale", 1, 120_000)]
    assert account.rows_read == account.lines_kept + sum(item.rows for item in account.set_aside) == 2


def test_only_what_a_file_itself_is_to_blame_for_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine had no time for is read the next time; what is wrong with a file is not looked at twice."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.zip"
    good.write_text("Order;Amount\nA1;7\nA2;8\n", encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04 no archive")
    handed = [staging.Handed("good.csv", good), staging.Handed("bad.zip", bad)]
    with monkeypatch.context() as patch:
        patch.setattr(child, "_START", "import time\ntime.sleep(60)")
        patch.setattr(child, "patience", lambda seconds: 0.5)
        tables, refused = staging.stage(handed, tmp_path / "tables")
    assert not tables
    assert [one.again for one in refused] == [True, True]
    tables, refused = staging.stage(handed, tmp_path / "tables")
    assert [(table.name, table.rows) for table in tables] == [("good.csv", 2)]
    assert [(one.name, one.again) for one in refused] == [("bad.zip", False)]
    monkeypatch.setattr(child, "_START", "raise SystemExit")
    assert staging.stage(handed, tmp_path / "tables") == (tables, refused)
