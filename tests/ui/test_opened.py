"""Open datasets share one budget of memory, whatever is opened, closed and left alone."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.dataset import Dataset
from analytics.segments import Segment
from data.store import store
from ui import opened, queries
from ui.opened import IDLE, Datasets, Room
from ui.queries import VersionKey

EMPTY = pl.DataFrame()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def loaded(size: int) -> object:
    """How to load a dataset whose lines take so much."""

    def load(room: Room) -> Dataset:
        return Dataset(
            "name", "1", "Title", "EUR", pl.LazyFrame(), EMPTY, EMPTY, None, None, date(2024, 1, 1), date(2024, 1, 2),
            held=room(size),
        )  # fmt: skip

    return load


def ask(datasets: Datasets, key: str, size: int, under: str | None = None) -> Dataset:
    return datasets.ask(key, loaded(size), under=under)  # type: ignore[arg-type]


def test_all_datasets_share_one_budget() -> None:
    clock = Clock()
    datasets = Datasets(lambda: 100, clock)
    assert ask(datasets, "a", 60).held
    assert not ask(datasets, "b", 60).held
    assert ask(datasets, "c", 40).held
    assert datasets.bytes == 100
    assert ask(datasets, "a", 60) is ask(datasets, "a", 60)


def test_what_nobody_uses_makes_room() -> None:
    clock = Clock()
    datasets = Datasets(lambda: 100, clock)
    first = ask(datasets, "a", 60)
    clock.now = IDLE + 1
    assert ask(datasets, "b", 60).held
    assert datasets.bytes == 60
    assert not ask(datasets, "a", 60).held  # b is in use now
    assert ask(datasets, "a", 60) is not first


def test_what_did_not_fit_is_tried_again() -> None:
    clock = Clock()
    datasets = Datasets(lambda: 100, clock)
    ask(datasets, "a", 60)
    scanned = ask(datasets, "b", 60)
    clock.now = IDLE / 2
    ask(datasets, "a", 60)
    clock.now = IDLE + 1
    assert ask(datasets, "b", 60) is scanned  # a is still in use
    clock.now = 3 * IDLE
    assert ask(datasets, "b", 60).held
    assert datasets.bytes == 60


def test_a_segment_counts_with_its_share() -> None:
    datasets = Datasets(lambda: 100, Clock())
    ask(datasets, "whole", 60)
    assert ask(datasets, "half", 30, under="whole").held
    assert not ask(datasets, "most", 50, under="whole").held
    assert datasets.bytes == 90


def test_a_segment_that_reads_its_datasets_lines_goes_with_it_and_keeps_it_in_use() -> None:
    clock = Clock()
    datasets = Datasets(lambda: 100, clock)
    whole = ask(datasets, "whole", 60)
    segment = ask(datasets, "most", 50, under="whole")
    clock.now = IDLE - 1
    assert ask(datasets, "most", 50, under="whole") is segment
    clock.now = 2 * IDLE - 2
    assert not ask(datasets, "other", 60).held  # by the segment's reading the whole dataset is in use
    assert ask(datasets, "whole", 60) is whole
    datasets.close(lambda key: key == "whole")
    assert ask(datasets, "most", 50, under="whole") is not segment


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([0.0, 1.0, IDLE / 2, IDLE * 1.5])), max_size=40),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 120), min_size=6, max_size=6),
)
def test_the_budget_holds_whatever_is_opened(asked: list[tuple[str, float]], sizes: dict[str, int]) -> None:
    clock = Clock()
    datasets = Datasets(lambda: 100, clock)
    used: dict[str, float] = {}
    held: dict[str, Dataset] = {}
    for key, later in asked:
        clock.now += later
        found = ask(datasets, key, sizes[key])
        assert datasets.bytes <= 100
        if key in held and held[key].held and clock.now - used[key] <= IDLE:
            assert found is held[key]  # nothing in use is closed
        used[key], held[key] = clock.now, found
    alone = Datasets(lambda: 100, Clock())
    for key, size in sizes.items():
        alone.close()
        assert ask(alone, key, size).held == (size <= 100)


def test_a_dataset_that_cannot_be_opened_leaves_its_room() -> None:
    datasets = Datasets(lambda: 100, Clock())

    def load(room: Room) -> Dataset:
        assert room(80)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        datasets.ask("a", load)
    assert datasets.bytes == 0


def test_those_who_ask_at_once_open_it_once() -> None:
    datasets, opens = Datasets(lambda: 100, Clock()), []

    def load(room: Room) -> Dataset:
        opens.append(1)
        time.sleep(0.1)
        return loaded(10)(room)  # type: ignore[operator, no-any-return]

    threads = [threading.Thread(target=datasets.ask, args=("a", load)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(opens) == 1
    assert datasets.bytes == 10


def test_two_datasets_and_a_segment_of_the_store_stay_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [VersionKey(name, store.find(name).version) for name in ("demo", "whole")]
    demo = queries.dataset(sources[0])
    lines = demo.lines.collect().estimated_size()
    opened.DATASETS.close()
    budget = lines * 3 // 2
    monkeypatch.setattr(store, "memory_budget", lambda: budget)
    monkeypatch.setattr(opened.DATASETS, "_budget", store.memory_budget)
    narrowed = replace(sources[0], segment=Segment("Recent", demo.last_day, (), (), (2, 5), (1, 5), (1, 5)))
    held = [queries.dataset(one).held for one in (sources[0], narrowed, sources[1])]
    assert held == [True, False, True]
    assert opened.DATASETS.bytes <= budget + sum(
        table.estimated_size() for table in (demo.customers, demo.products, demo.returns) if table is not None
    )


def test_a_folder_named_on_the_command_line_still_has_the_whole_budget(tmp_path: Path) -> None:
    assert store.load("demo").held
