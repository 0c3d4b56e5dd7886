"""The rules that compare rows, against hand-made cases; and what policies make of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from data import findings
from data.prepare import read
from data.recipe import recipes
from data.rules.policies import Policies
from tests.data.small_shop import RECIPE, TODAY, Row, counts_by_rule, findings_in, origin_of, recipe_with


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
    found = findings_in(tmp_path, {"a.csv": first, "b.csv": second})
    assert counts_by_rule(found) == {
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
    found = findings_in(tmp_path, {"a.csv": rows + pasted})
    assert counts_by_rule(found) == {"duplicate_lines": (270, 270 * 100_000), "altered_price": (30, 30 * 102_500)}
    policies = recipe_with().policies
    assert found.effect(policies, "duplicate_lines", "set_aside") == -270 * 100_000
    # The same rows in a file of their own.
    other = tmp_path / "other"
    other.mkdir()
    apart = findings_in(other, {"a.csv": rows, "b.csv": pasted})
    assert counts_by_rule(apart) == {
        "overlapping_files": (270, 270 * 100_000),
        "contradicting_files": (30, 30 * 102_500),
    }


def test_dates_that_a_spreadsheet_swapped(tmp_path: Path) -> None:
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(400)]
    truth = [(f"A{n}", day.isoformat(), "7", "P1", "1", "1.00") for n, day in enumerate(days)]
    # Only the second half went through the spreadsheet.
    swapped = [
        (row[0], date(day.year, day.day, day.month).isoformat(), *row[2:]) if n >= 200 and day.day <= 12 else row
        for n, (row, day) in enumerate(zip(truth, days, strict=True))
    ]
    wrong = sum(one != other for one, other in zip(truth, swapped, strict=True))
    found = counts_by_rule(findings_in(tmp_path, {"a.csv": swapped}))
    assert found["swapped_date"] == (wrong, wrong * 10_000)
    mended = read(recipe_with(swapped_date="swap_back"), tmp_path, name="shop", today=TODAY)
    assert sorted(mended.lines["day"].to_list()) == days
    clean = tmp_path / "clean"
    clean.mkdir()
    assert "swapped_date" not in counts_by_rule(findings_in(clean, {"a.csv": truth}))


def test_prices_dates_and_products_out_of_range(tmp_path: Path) -> None:
    rows: list[Row] = [(f"A{n}", "2024-03-01", "7", "P1", "1", "10.00") for n in range(2000)]
    odd: list[Row] = [
        ("B1", "2024-03-01", "7", "P1", "1", "1000.00"),
        ("B2", "2024-12-24", "7", "P1", "1", "10.00"),
        ("B3", "1924-03-01", "7", "P1", "1", "10.00"),
        ("B4", "2024-03-01", "", "P1", "-1", "10.00"),
        ("B5", "2024-03-32", "7", "P1", "1", "10.00"),
    ]
    found = counts_by_rule(findings_in(tmp_path, {"a.csv": rows + odd}))
    assert found == {
        "price_range": (1, 10_000_000),
        "future_date": (1, 100_000),
        "date_range": (1, 100_000),
        "missing_customer": (1, -100_000),
        "negative_quantity": (1, -100_000),
        "unreadable_ordered_on": (1, 100_000),
        "missing_date": (1, 100_000),
    }


def test_credits_are_netted_against_the_order_they_name(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("A1", "2024-01-02", "7", "P1", "3", "5.00"),
        ("A1", "2024-01-02", "7", "P1", "-1", "5.00"),
        ("C9", "2024-01-05", "7", "P1", "-1", "5.00"),
    ]
    origin = origin_of(tmp_path, {"a.csv": rows})
    prepared = read(recipe_with(negative_quantity="net"), origin, name="shop")
    counts = prepared.reconciliation
    assert (counts.lines_kept, counts.revenue, counts.returns_kept, counts.returns_money) == (2, 100_000, 1, -50_000)
    assert prepared.orders["order_id"].to_list() == ["A1"]


def test_findings_cross_between_processes(tmp_path: Path) -> None:
    import json

    found = findings_in(tmp_path, {"a.csv": [("A1", "2024-01-02", "", "P1", "-1", "0")]})
    assert findings.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_policies_in_a_recipe_stay_what_they_are() -> None:
    text = recipes.with_policies(RECIPE, Policies({"unreadable": "set_aside", "zero_price": "set_aside"}))
    parsed = recipes.parse(text, file="rules", name="shop")
    assert parsed.policies == Policies({"unreadable": "set_aside", "zero_price": "set_aside"})
    assert parsed.lines == recipes.parse(RECIPE, file="rules", name="shop").lines


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
