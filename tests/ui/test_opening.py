"""A dataset of under two years opens with a comparison that it has, and says so; a choice made by hand stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.building import layout
from data.store import writing
from tests import small_datasets
from tests.ui.visits import opened, text

SAID = "the data are too short for twelve months against the twelve before"


@pytest.fixture
def short_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Datasets of 200, 500 and 900 days, the last under the name `whole`."""
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    made = small_datasets.tables()
    for name, days in (("short", 200), ("middle", 500), ("whole", 900)):
        until = small_datasets.FIRST_DAY + timedelta(days=days)
        inside = layout.Tables(made.lines.filter(pl.col("ordered_on") < until), made.customers)
        writing.publish(name, layout.build(inside, name=name, title=name, currency="EUR"), home=tmp_path)
    return tmp_path


def shown(app: AppTest) -> tuple[str, str]:
    return app.selectbox(key="preset").value, app.selectbox(key="compare").value


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("short", ("last_90_days", "previous_period")),
        ("middle", ("last_90_days", "previous_year")),
        ("whole", ("last_12_months", "previous_year")),
    ],
)
def test_every_tile_has_something_to_compare_with(
    app: AppTest, short_home: Path, dataset: str, expected: tuple[str, str]
) -> None:
    opened(app, dataset=dataset)
    assert shown(app) == expected
    assert len(app.metric) >= 7
    assert [metric.label for metric in app.metric if metric.delta == "no base"] == []
    assert (SAID in text(app)) == (dataset != "whole")
    # What a dataset opens with is no part of its link.
    assert "preset" not in app.query_params
    assert "compare" not in app.query_params


def test_another_dataset_opens_with_its_own_and_a_choice_stays(app: AppTest, short_home: Path) -> None:
    opened(app, dataset="whole")
    app.selectbox(key="dataset").set_value("short").run()
    assert shown(app) == ("last_90_days", "previous_period")
    app.selectbox(key="dataset").set_value("whole").run()
    assert shown(app) == ("last_12_months", "previous_year")
    app.selectbox(key="preset").set_value("all").run()
    app.selectbox(key="dataset").set_value("short").run()
    assert shown(app) == ("all", "previous_year")
    next(button for button in app.button if button.label == "Reset filters").click().run()
    assert shown(app) == ("last_90_days", "previous_period")
