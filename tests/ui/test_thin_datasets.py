"""Pages of shops that give all away, know no customer, or were open for a day: no sentence says what is not so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.sentences import shops
from tests.ui.visits import opened, text
from ui.menu import PAGES

SHOWN: Final = tuple(entry.script for entry in PAGES if entry.of_view and not entry.whole)
"""Pages that show a view."""

UNTRUE: Final = (
    "Nothing was sold", "Nobody bought", "came to 0", "0 of 0", "of 0 customers", "0% orders", "0% customers",
    "Nothing to compare with", "there are 0 buyers", "in 1 Mar 2022.", "each: ", "(0%)",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    return tmp_path


def page(app: AppTest, script: str, name: str) -> str:
    """All sentences of a page, and its tiles."""
    shown = opened(app, script, dataset=name)
    return "\n".join([text(shown), *(f"{tile.label}: {tile.value}" for tile in shown.metric)])


@pytest.mark.parametrize("script", SHOWN)
def test_what_is_given_away_is_sold(app: AppTest, home: Path, script: str) -> None:
    source, _ = shops.published(shops.thin("free", 5), home)
    said = page(app, script, source.name)
    assert [one for one in UNTRUE if one in said] == []
    assert not re.search(r"leads (?:the \w+ )?with €0\.00|€0\.00 expected|largest of \d+ \w+ \(€0", said)


@pytest.mark.parametrize("script", SHOWN)
def test_a_shop_that_knows_no_customer_counts_none(app: AppTest, home: Path, script: str) -> None:
    source, _ = shops.published(shops.thin("nobody", 5), home)
    said = page(app, script, source.name)
    assert [one for one in UNTRUE if one in said] == []


@pytest.mark.parametrize("script", SHOWN)
def test_a_single_day_is_no_month(app: AppTest, home: Path, script: str) -> None:
    source, _ = shops.published(shops.thin("one day", 5), home)
    said = page(app, script, source.name)
    assert [one for one in UNTRUE if one in said and one != "each: "] == []
    assert [one for one in ("strongest month", "strongest weekday", "at stake in this period") if one in said] == []


def test_cards_that_leave_a_filter_out_say_so(app: AppTest) -> None:
    said = text(opened(app, "pages/markets.py", dataset="whole", preset="all", country="France"))
    assert said.count("Without the filter on country: ") >= 2
    assert "Without the filter" not in text(opened(app, "pages/markets.py", dataset="whole", country=[]))


@pytest.mark.parametrize(
    ("name", "filtered", "note"),
    [
        ("sales_performance", {"country": "France"}, "Click a country to filter · drawn without the filter on country"),
        ("sales_performance", {"product": "Apple"}, "click to filter · drawn without the filter on product"),
        ("sales_performance", {"channel": "Web"}, "a bar to filter · drawn without the filter on sales channel"),
        ("customer_insights", {"gender": "F"}, "Click a bar to filter · drawn without the filter on gender"),
        ("customer_insights", {"category": "Food"}, "bought from it · drawn without the filter on category"),
    ],
)
def test_charts_that_stay_clickable_say_what_they_leave_out(
    app: AppTest, name: str, filtered: dict[str, str], note: str
) -> None:
    said = text(opened(app, f"pages/{name}.py", dataset="whole", preset="all", compare="none", **filtered))
    assert note in said
