"""Known exports: each recognised by its headers alone, right to the cent, and no more than a help for words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from data import staging
from data.__main__ import main
from data.building.layout import Prepared
from data.exports.exports import FOLDER, Export, folded, shipped
from data.prepare import read
from data.recipe.recipes import parse as parse_recipe
from data.recipe.toml import toml_text
from data.staged import Staged, StagedOrigin
from data.terms.rows import ROW
from data.understanding.known import recognised
from data.understanding.tables import Table, table_of, tables_of
from data.understanding.types import Choices, Understanding
from data.understanding.understand import understood

FILES: Final = Path(__file__).parent / "exports"
EXPECTED: Final[Mapping[str, Any]] = tomllib.loads((FILES / "expected.toml").read_text(encoding="utf-8"))
TODAY: Final = date(2026, 11, 23)

LEAST: Final = 0.85
"""Share of the exports whose numbers must be found without their fingerprints."""


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Staged]]:
    """Name of an example -> its files as they were read."""
    handed = [
        staging.Handed(f"{folder.name}~{path.name}", path)
        for folder in sorted(FILES.iterdir())
        if folder.is_dir()
        for path in sorted(folder.iterdir())
    ]
    tables, refused = staging.stage(handed, tmp_path_factory.mktemp("exports"))
    assert not refused
    found: dict[str, list[Staged]] = {}
    for table in tables:
        folder, _, name = table.name.partition("~")
        found.setdefault(folder, []).append(replace(table, name=name))
    return found


@pytest.fixture(scope="module")
def tables(staged: dict[str, list[Staged]]) -> dict[str, list[Table]]:
    """Name of an example -> its tables in their shape."""
    return {name: tables_of(files, lambda *_: None) for name, files in staged.items()}


def _numbers(found: Understanding) -> tuple[object, ...] | None:
    total = found.totals
    if total is None:
        return None
    return total.rows, total.revenue, total.units, total.orders, [total.first_day, total.last_day]


def _prepared(found: Understanding, files: list[Staged]) -> Prepared:
    """The dataset that follows, with the likeliest answer to every question."""
    recipe = parse_recipe(toml_text(found.recipe(Choices())), file="recipe", name="files")
    return read(recipe, StagedOrigin(files), name="files", today=TODAY)


def _outcome(prepared: Prepared) -> tuple[object, ...]:
    lines = prepared.lines
    day = next(name for name, dtype in lines.schema.items() if dtype == pl.Date)
    return (
        lines.height,
        round(lines["revenue"].sum() / MONEY_SCALE, 2),
        int(lines["quantity"].cast(int).sum()),
        prepared.orders.height,
        [str(lines[day].min()), str(lines[day].max())],
    )


def _wanted(name: str) -> tuple[object, ...]:
    one = EXPECTED[name]
    return one["rows"], one["revenue"], one["units"], one["orders"], one["days"]


def _export(name: str) -> Export:
    return next(export for export in shipped() if export.name == name)


# --- Each export ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_comes_to_what_was_worked_out_by_hand(
    name: str, staged: dict[str, list[Staged]], tables: dict[str, list[Table]]
) -> None:
    found = understood(tables[name])
    says = _export(EXPECTED[name]["export"]).says
    assert found.sentences[0].startswith(f"This looks like {says}: ")
    assert all(f"This looks like {says}." == one.evidence for one in found.files)
    assert _numbers(found) == _wanted(name)
    assert [question.key for question in found.questions if question.must] == []

    prepared = _prepared(found, staged[name])
    assert _outcome(prepared) == _wanted(name)
    returned = prepared.returns
    back = [0, 0.0] if returned is None else [returned.height, round(returned["amount"].sum() / MONEY_SCALE, 2)]
    assert back == EXPECTED[name].get("returned", [0, 0.0])


def test_without_fingerprints_most_exports_come_to_the_same_numbers(
    staged: dict[str, list[Staged]], tables: dict[str, list[Table]]
) -> None:
    other: dict[str, object] = {}
    for name in EXPECTED:
        found = understood(tables[name], None, ())
        outcome = _outcome(_prepared(found, staged[name])) if found.content else found.missing
        if outcome != _wanted(name):
            other[name] = outcome
    share = 1 - len(other) / len(EXPECTED)
    print(f"{share:.0%} of {len(EXPECTED)} without fingerprints; other numbers: {', '.join(other) or 'none'}")
    assert share >= LEAST, other


def test_columns_of_zeros_are_nobodys_money(tables: dict[str, list[Table]]) -> None:
    """Without its fingerprint a report with columns of zeros asks rather than finding that nothing was sold."""
    found = understood(tables["amazon_date_range"], None, ())
    assert found.totals is None or found.totals.revenue > 0


def test_each_export_has_an_example_and_each_example_an_export() -> None:
    folders = {folder.name for folder in FILES.iterdir() if folder.is_dir()}
    assert folders == set(EXPECTED)
    assert {one["export"] for one in EXPECTED.values()} == {export.name for export in shipped()}


def test_the_readme_says_of_each_export_whether_a_real_file_was_seen() -> None:
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line.split("|")[3].strip() for line in text.splitlines() if ".toml` |" in line}
    assert rows == {f"`{export.name}.toml`": "yes" if export.seen else "no" for export in shipped()}


# --- Fingerprints -----------------------------------------------------------------------------------------------------


def test_no_file_has_the_headers_of_two_exports(tables: dict[str, list[Table]]) -> None:
    for name, files in tables.items():
        for table in files:
            headers = {folded(fact.name) for fact in table.facts}
            fits = [export.name for export in shipped() for layout in export.layouts if layout.needs <= headers]
            assert fits == [EXPECTED[name]["export"]], table.name


def _frame(table: Table) -> pl.DataFrame:
    return table.frame.collect().drop(ROW)


def _again(frame: pl.DataFrame, name: str = "file.csv") -> Table:
    return table_of(name, frame.with_row_index(ROW, offset=2).lazy(), frame.height)


def test_columns_may_stand_in_another_order_with_others_among_them(tables: dict[str, list[Table]]) -> None:
    for name in ("etsy_items", "zoho_invoices", "prestashop_orders"):
        frame = _frame(tables[name][0])
        headers = list(frame.columns)
        Random(7).shuffle(headers)
        more = frame.select(f"{header}" for header in headers).rename({h: f" {h.upper()} " for h in headers[::3]})
        table = _again(more.with_columns(pl.lit("x").alias("Our note")))
        known = recognised([table], shipped())
        assert known["file.csv"].export.name == EXPECTED[name]["export"]
        assert _numbers(understood([table])) == _wanted(name)


def test_headers_alone_are_not_enough(tables: dict[str, list[Table]]) -> None:
    """Of a file whose day holds no days, or whose price no numbers, no export is said."""
    frame = _frame(tables["etsy_items"][0])
    for column in ("Sale Date", "Price"):
        spoilt = frame.with_columns(pl.lit("none of it").alias(column))
        assert not recognised([_again(spoilt)], shipped())


# --- A help for words only --------------------------------------------------------------------------------------------


def test_arithmetic_wins_over_an_export() -> None:
    """A file with Shopify's headers whose price is the money of the line, as the orders' subtotals prove."""
    rows = [(2, 10.0), (1, 7.5), (3, 30.0), (1, 4.0), (5, 25.0), (2, 8.0), (4, 16.0), (1, 9.9), (2, 15.0), (3, 7.2)]
    orders = [f"#{number // 2}" for number in range(len(rows))]
    sums = [rows[n - n % 2][1] + rows[n - n % 2 + 1][1] for n in range(len(rows))]
    frame = pl.DataFrame(
        {
            "Name": orders,
            "Financial Status": ["paid"] * len(rows),
            "Created at": [f"2024-03-{10 + number // 2:02d}" for number in range(len(rows))],
            "Lineitem quantity": [str(units) for units, _ in rows],
            "Lineitem name": ["Cup", "Bowl", "Cup", "Plate", "Bowl"] * 2,
            "Lineitem price": [f"{money:.2f}" for _, money in rows],
            "Subtotal": [f"{total:.2f}" for total in sums],
        }
    )
    found = understood([_again(frame)])
    assert found.totals is not None
    assert found.totals.revenue == round(sum(money for _, money in rows), 2)
    assert found.sentences[0] == (
        "file.csv has the headers of a Shopify order export, but its numbers say otherwise: "
        "they decide what its money is."
    )


def test_what_a_person_chooses_wins_over_an_export(tables: dict[str, list[Table]]) -> None:
    table = tables["square_items"][0]
    gross = understood([table], Choices(meanings={table.name: {"Gross Sales": "revenue"}}))
    assert gross.totals is not None
    assert gross.totals.revenue == 54.50  # 4.50 + 7 + 9 + 3 + 3.50 + 13.50 + 14
    assert gross.files[0].column("revenue") == "Gross Sales"
    role = understood([table], Choices(roles={table.name: "unused"}))
    assert role.files[0].role == "unused"


def test_columns_that_an_export_sets_apart_say_what_they_are(tables: dict[str, list[Table]]) -> None:
    found = understood(tables["stripe_payments"])
    fee = found.files[0].meanings["Fee"]
    assert (fee.meaning, fee.evidence) == ("", "Stripe's fee. Not counted.")
    assert "Fee is a fee, tip or gift card and not counted; it comes to 10.12." in found.sentences


def test_the_command_line_names_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = FILES / "shopify_orders" / "orders_export_1.csv"
    assert main(["prepare", str(file), "--check", "--home", str(tmp_path)]) == 0
    assert "This looks like a Shopify order export" in capsys.readouterr().out


def test_states_that_an_export_leaves_open_are_asked(tables: dict[str, list[Table]]) -> None:
    frame = _frame(tables["shopify_orders"][0])
    paid = pl.when(pl.col("Name") == "#1002").then(pl.lit("pending")).otherwise("Financial Status")
    found = understood([_again(frame.with_columns(paid.alias("Financial Status")))])
    assert [question.key for question in found.questions if question.must] == ["status:Financial Status:pending"]
