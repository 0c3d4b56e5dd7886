"""The speed comparison, reduced: all engines answer alike, and a wrong answer ends the run. No times are asserted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from analytics.filters import Filters
from benchmarks import answers, demo, pages, prepare, views
from benchmarks.answers import UnequalAnswersError
from benchmarks.engines import ENGINES, Engine, open_engine
from ui import caching, opened

LINES = 20_000
MANY = 1_000_000


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """All engines on the same lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALES_BENCH", str(tmp_path_factory.mktemp("bench")))
        patch.setenv("SALES_HOME", "")
        entry = demo.ready(LINES)
        yield {name: open_engine(name, entry) for name in ENGINES}
    caching.ANSWERS.forget()
    opened.DATASETS.close()


@pytest.mark.parametrize("page", views.PAGES)
@pytest.mark.parametrize("view", ["none", "year", "country", "category", "segment", "all four"])
def test_all_engines_answer_alike(engines: dict[str, Engine], page: str, view: str) -> None:
    filters = views.six(engines["app"].data)[view]
    pages.check(engines, page, filters)


@pytest.mark.parametrize("view", ["none", "all four"])
def test_the_pages_show_something_under_each_filter(engines: dict[str, Engine], view: str) -> None:
    app = engines["app"]
    filters = views.six(app.data)[view]
    for page in views.PAGES:
        found = app.answers(page, filters, app.ask(page, filters))
        assert all(frame.height > 0 for frame in found.values())
        assert ("revenue_base" in found["totals"].columns) == (view == "all four")
        assert {"orders", "customers", "new_customers", "repeat_customers", "returned_units"} <= set(
            found["trend"].columns
        )


def corruptions(good: answers.Answers) -> dict[str, answers.Answers]:
    """One wrong answer of each kind."""
    trend, totals = good["trend"], good["totals"]
    first = pl.int_range(pl.len()) == 0
    top = good["top revenue"]
    return {
        "one customer too many": good | {"totals": totals.with_columns(pl.col("customers") + 1)},
        "one month's orders": good | {"trend": trend.with_columns(pl.col("orders") + first.cast(pl.Int64))},
        "a base for another month": good | {"trend": trend.with_columns(pl.col("revenue_base").reverse())},
        "a month missing": good | {"trend": trend.tail(-1)},
        "a column missing": good | {"totals": totals.drop("repeat_customers")},
        "a column too many": good | {"totals": totals.with_columns(guess=pl.lit(1))},
        "a table missing": {name: frame for name, frame in good.items() if name != "segments"},
        "a table too many": good | {"more": totals},
        "a customer's place": good | {"top revenue": top.with_columns(pl.lit("Elsewhere").alias("place"))},
        "a share": good | {"top revenue": top.with_columns(pl.col("share") * 1.000001)},
        "no share": good | {"top revenue": top.with_columns(pl.lit(None, pl.Float64).alias("share"))},
        "members swapped": good | {"category": good["category"].with_columns(pl.col("category").reverse())},
    }


def test_a_wrong_answer_is_found(engines: dict[str, Engine]) -> None:
    app = engines["app"]
    filters = views.six(app.data)["year"]
    good = app.answers("customers", filters, app.ask("customers", filters))
    answers.require_equal(good, dict(good), "the same")
    for what, wrong in corruptions(good).items():
        assert answers.differences(good, wrong), what
        with pytest.raises(UnequalAnswersError, match="somebody answers differently"):
            answers.require_equal(good, wrong, "somebody")


def test_an_engine_that_is_wrong_ends_the_run(engines: dict[str, Engine]) -> None:
    class OneOff:
        """The app, with one order too many in the total."""

        data = engines["app"].data

        def ask(self, page: str, filters: Filters) -> object:
            return engines["app"].ask(page, filters)

        def answers(self, page: str, filters: Filters, asked: object) -> answers.Answers:
            found = engines["app"].answers(page, filters, asked)
            return found | {"totals": found["totals"].with_columns(pl.col("orders") + 1)}

    filters = views.six(engines["app"].data)["none"]
    with pytest.raises(UnequalAnswersError, match=r"one_off on page sales.*totals\.orders"):
        pages.check({"app": engines["app"], "one_off": OneOff()}, "sales", filters)


def test_every_import_keeps_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_BENCH", str(tmp_path))
    monkeypatch.setenv("SALES_HOME", "")
    records = prepare.run(LINES, rounds=1)
    assert [record["engine"] for record in records] == list(prepare.IMPORTS)
    assert {record["kept"] for record in records} == {LINES}
    assert len({record["revenue"] for record in records}) == 1
    assert all(record["wall_s"] > 0 and record["cpu_s"] > 0 and record["rss_mb"] > 0 for record in records)
    assert "of duckdb" in prepare.report(records)


def test_a_run_measures_and_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_BENCH", str(tmp_path))
    monkeypatch.setenv("SALES_HOME", "")
    names = ["app", "duckdb_star", "duckdb_wide", "polars"]
    runs = [pages.measure(size, names, ["none", "all four"], 2, with_memory=size == LINES) for size in (10_000, LINES)]
    records = runs[1].records
    assert {record.engine for record in records} == {"app", "duckdb", "polars"}
    assert len(records) == 2 * 2 * 3 * 2  # pages, filters, engines, rounds
    assert {record.tables for record in records if record.engine == "duckdb"} <= {"star", "wide"}
    assert all(record.rss_mb is not None and record.rss_mb > 50 for record in records)
    text = pages.report(runs)
    assert "20,000 order lines" in text
    assert "of the bandwidth" in text
    assert "bytes a line" in text
    assert "10,000 to 20,000" in text
    # Money and ids are 4 to 8 bytes each; a page reads at least these and at most all columns.
    assert 30 * LINES < runs[1].page_bytes["customers"] < runs[1].page_bytes["sales"] < 80 * LINES


def test_all_engines_answer_alike_on_a_million_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_BENCH", str(tmp_path))
    monkeypatch.setenv("SALES_HOME", "")
    entry = demo.ready(MANY)
    opened = {name: open_engine(name, entry) for name in ENGINES}
    filters = views.six(opened["app"].data)["all four"]
    for page in views.PAGES:
        pages.check(opened, page, filters)
