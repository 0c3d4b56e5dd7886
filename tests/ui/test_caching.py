"""What is remembered: within one budget of bytes, once for all who ask, for nobody else, and no list whole."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import threading
import time
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics import filters, periods
from analytics.tables.segments import rfm
from data.store import store
from ui import caching, content, queries
from ui.caching import Answers, remembered
from ui.content import purchases, retention, segments
from ui.content.remembered import first
from ui.queries import VersionKey
from ui.sidebar import View

ROOT = Path(__file__).resolve().parents[2]


def demo_view(preset: str = "last_12_months") -> View:
    entry = store.find("demo")
    source = VersionKey("demo", entry.version)
    data = queries.dataset(source)
    period = periods.preset(preset, data.first_day, data.last_day)
    compared = periods.compare(period, "previous_year", data.first_day)
    return View(source, filters.Filters(period, compared), "month", "revenue")


# --- The budget -------------------------------------------------------------------------------------------------------


def test_one_way_to_remember() -> None:
    """What else the Streamlit side keeps between runs is named here, with why it is small."""
    known = {
        "queries.py": ["st.cache_data"],  # the list of datasets, for five seconds
        "server/headers.py": ["cache"],  # the answer's headers, which never change
        "shell.py": ["st.cache_resource"],  # that the garbage was collected once
        "visitor.py": ["st.cache_resource"],  # that old files were swept once
    }
    found = {}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        caches = re.findall(r"@(st\.cache_data|st\.cache_resource|lru_cache|cache)\b", path.read_text(encoding="utf-8"))
        if caches:
            found[path.relative_to(ROOT / "ui").as_posix()] = caches
    assert found == known


# --- Those who ask at once --------------------------------------------------------------------------------------------


def together(ask: Callable[[int], Any], many: int = 8) -> list[Any]:
    """What each of some threads got that asked at the same moment; an error stands for itself."""
    start, out = threading.Barrier(many), [None] * many

    def visitor(n: int) -> None:
        start.wait()
        try:
            out[n] = ask(n)
        except RuntimeError as error:
            out[n] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=visitor, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return out


def test_those_who_ask_at_once_wait_for_one_computation() -> None:
    answers, computed = Answers(lambda: 10**9), []

    def compute() -> object:
        computed.append(1)
        time.sleep(0.1)
        return object()

    found = together(lambda n: answers.ask("key", compute))
    assert len(computed) == 1
    assert len(set(map(id, found))) == 1


def test_the_first_ones_failure_is_its_own() -> None:
    answers, computed = Answers(lambda: 10**9), []

    def compute() -> str:
        computed.append(1)
        time.sleep(0.05)
        if len(computed) == 1:
            raise RuntimeError("gone")
        return "answer"

    found = together(lambda n: answers.ask("key", compute))
    assert sorted(map(str, found)) == [*["answer"] * 7, "gone"]
    assert len(computed) == 2


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_keys_are_plain_and_begin_with_whose_data_it_is() -> None:
    for module in pkgutil.iter_modules(content.__path__, "ui.content."):
        importlib.import_module(module.name)
    assert len(caching.REMEMBERED) > 80
    for function in caching.REMEMBERED:
        given_types = typing.get_type_hints(function, vars(sys.modules[function.__module__]))
        names = list(inspect.signature(function).parameters)
        assert given_types[names[0]] in (View, VersionKey), function.__qualname__
        for name in names:
            assert name.startswith("_") or not re.search("DataFrame|Series|ndarray|Dataset", str(given_types[name])), (
                f"{function.__module__}.{function.__qualname__}: {name}"
            )


def test_a_frame_is_no_key() -> None:
    @remembered
    def rows(source: VersionKey, frame: Any) -> int:
        return int(frame.height)

    try:
        with pytest.raises(TypeError, match="unhashable"):
            rows(VersionKey("demo", "1"), pl.DataFrame({"a": [1]}))
    finally:
        caching.REMEMBERED.pop()


def test_what_is_told_of_progress_is_no_part_of_the_key() -> None:
    computed = []

    @remembered
    def work(source: VersionKey, days: int, _told: Callable[[float], None] | None = None) -> int:
        computed.append(days)
        return days

    try:
        assert [
            work(VersionKey("demo", "1"), 3, print),
            work(VersionKey("demo", "1"), 3),
            work(VersionKey("demo", "1"), 4),
        ] == [
            3,
            3,
            4,
        ]
        assert computed == [3, 4]
    finally:
        caching.REMEMBERED.pop()


def test_a_private_dataset_is_remembered_for_its_visitor_alone() -> None:
    @remembered
    def whose(source: VersionKey) -> list[str]:
        return [source.owner]

    try:
        everybody, ada, bo = (VersionKey("shop", "1", owner) for owner in ("", "ada", "bo"))
        assert [whose(one) for one in (everybody, ada, bo, ada)] == [[""], ["ada"], ["bo"], ["ada"]]
        mine = whose(ada)
        caching.forget("ada")
        assert whose(ada) is not mine
        assert whose(bo) is whose(bo)
    finally:
        caching.REMEMBERED.pop()


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_lists_are_remembered_as_their_first_rows_and_made_whole_when_asked() -> None:
    view = demo_view()
    larger = 0
    for group in rfm.GROUPS:
        shown, whole = segments.group_customers(view, group), segments.all_of_group(view, group)
        assert (shown.count, shown.rows.height) == (whole.height, min(whole.height, purchases.SHOWN))
        assert shown.rows.equals(whole.head(purchases.SHOWN))
        larger += shown.count > purchases.SHOWN
    moved, slipped = segments.moves(view), segments.slipped(view)
    assert moved is not None
    assert moved.slipped.equals(slipped.head(purchases.SHOWN))
    assert moved.count == slipped.height
    for step in ("new", "expansion", "lapsed"):
        listed, all_of_step = retention.bridge_customers(view, step), retention.all_of_step(view, step)
        assert listed.rows.equals(all_of_step.head(purchases.SHOWN))
        assert listed.count == all_of_step.height
        assert listed.change == pytest.approx(float(all_of_step["change"].sum()))
        larger += listed.count > purchases.SHOWN
    assert larger > 3


def test_first_rows_do_not_hold_on_to_the_others() -> None:
    def address(frame: pl.DataFrame) -> int:
        return int(frame["a"].to_arrow().buffers()[1].address)

    many = pl.DataFrame({"a": range(1_000_000)})
    assert address(many.head(3)) == address(many)
    assert address(first(many, 3)) != address(many)
    assert first(many, 3)["a"].to_list() == [0, 1, 2]
    assert first(many.head(2), 3).height == 2
