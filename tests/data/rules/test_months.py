"""The months that a rule about dates would change, with rows and money."""

from __future__ import annotations

from datetime import date

import polars as pl

from data.rules.months import in_words, moves
from data.terms.rows import FLAG


def frame(rule: str, rows: list[tuple[date | None, int, bool]]) -> pl.LazyFrame:
    days, money, found = zip(*rows, strict=True)
    return pl.LazyFrame(
        {"ordered_on": days, "revenue": money, FLAG + rule: found}, schema_overrides={"ordered_on": pl.Date}
    )


def test_set_aside_names_the_months_that_rows_leave() -> None:
    rows = [
        (date(2031, 8, 1), 10_000, True),
        (date(2031, 8, 9), 20_000, True),
        (date(2031, 9, 9), 5_000, True),
        (date(2024, 1, 9), 99, False),
    ]
    found = moves(frame("future_date", rows), "future_date", mended=False)
    assert found == (("2031-08", "2031-08", 2, 30_000), ("2031-09", "2031-09", 1, 5_000))
    assert in_words("set_aside", found) == "Months that rows leave: Aug 2031: 2 rows, 3.00; Sep 2031: 1 row, 0.50"
    assert in_words("keep", found) == ""


def test_swapping_back_names_where_rows_come_from_and_go() -> None:
    rows = [(date(2024, 3, 5), 10_000, True), (date(2024, 5, 3), 7_000, True), (date(2024, 1, 9), 99, False)]
    found = moves(frame("swapped_date", rows), "swapped_date", mended=False)
    assert found == (("2024-03", "2024-05", 1, 10_000), ("2024-05", "2024-03", 1, 7_000))
    assert in_words("swap_back", found) == (
        "Months that rows move from and to: Mar 2024 to May 2024: 1 row, 1.00; May 2024 to Mar 2024: 1 row, 0.70"
    )
    # The same once the days stand swapped back in the frame.
    back = frame("swapped_date", [(date(2024, 5, 3), 10_000, True), (date(2024, 3, 5), 7_000, True)])
    assert moves(back, "swapped_date", mended=True) == found


def test_many_months_are_cut_short() -> None:
    found = tuple((f"2024-{n:02}", f"2024-{n:02}", 1, 0) for n in range(1, 8))
    assert in_words("set_aside", found).endswith("Apr 2024: 1 row, 0.00; 3 more")
