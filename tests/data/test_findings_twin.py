"""The rules that compare rows, against a slow obvious twin; and what policies are worth, against the import."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.prepare import read
from data.rules.table import RULES
from tests.data.small_shop import TODAY, Row, findings_in, recipe_with

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
    found = findings_in(folder, files)
    counts = {one.rule: one.rows for one in found.by_rule}
    assert (
        counts.get("duplicate_lines", 0),
        counts.get("overlapping_files", 0),
        counts.get("contradicting_files", 0),
    ) == _twin(files)
    # What the policies are said to be worth is what the import then does.
    recipe = recipe_with(**policies)
    said = found.outcome(recipe.policies)
    assert said.kept + said.returned + said.aside == sum(map(len, files.values()))
    if not said.kept:
        return
    counted = read(recipe, folder, name="shop", today=TODAY).reconciliation
    aside = sum(rule.rows for rule in counted.set_aside), sum(rule.money for rule in counted.set_aside)
    assert (counted.lines_kept, counted.revenue) == (said.kept, said.revenue)
    assert (counted.returns_kept, counted.returns_money) == (said.returned, said.returns_money)
    assert aside == (said.aside, said.aside_money)
