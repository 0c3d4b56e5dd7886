"""Where reductions run: over the partitions of a dataset's lines, on threads.

A reduction is data: `work` makes a partial result of one partition, `merge` puts the partials of two neighbouring ones
together, `finish` makes the answer. Partitions share no customer and no order, so that distinct counts add up, too.
All three are functions of a module and get plain values beside the partition. So the partitions may lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MEASURE_COLUMNS, Dataset
from analytics.filters import Where
from analytics.lines.conditions import kept
from analytics.lines.freed import give_back
from analytics.lines.shape import SLICE_ROWS, Cut, shape

Array = NDArray[Any]
Ask = TypeVar("Ask")
Partial = TypeVar("Partial")
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Partition:
    """Some lines of a dataset: all of some customers, or some whole orders without one."""

    data: Dataset
    cut: Cut

    @property
    def lines(self) -> pl.LazyFrame:
        """The lines, in their order."""
        return self.data.lines.slice(self.cut.start, self.cut.rows)

    def view(self, where: Where = (), inside: pl.Expr | None = None) -> pl.LazyFrame:
        """The lines that a filter keeps, and a condition."""
        both = [one for one in (kept(where, self.data.members), inside) if one is not None]
        return self.lines.filter(*both) if both else self.lines

    def read(self, names: Iterable[str], where: Where = (), inside: pl.Expr | None = None) -> dict[str, Array]:
        """Some columns of a view, codes and days as whole numbers, as wide as they are there."""
        frame = self.view(where, inside).select(pl.col(list(names)).to_physical()).collect(engine="in-memory")
        return {name: frame[name].to_numpy() for name in names}

    def columns(self, names: Iterable[str], where: Where = (), inside: pl.Expr | None = None) -> list[Array]:
        """The same in the types of the kernels."""
        return [values.astype(kind_of(name), copy=False) for name, values in self.read(names, where, inside).items()]


def kind_of(name: str) -> type[np.generic]:
    """The type of a column in the kernels: UInt32 codes, Int32 days, Int64 measures."""
    return np.int64 if name in MEASURE_COLUMNS else np.int32 if name == "day" else np.uint32


def added(one: tuple[Array, ...], other: tuple[Array, ...]) -> tuple[Array, ...]:
    """The sums of two partials that are arrays of sums."""
    return tuple(mine + theirs for mine, theirs in zip(one, other, strict=True))


def joined(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The rows of two partials that are frames."""
    return pl.concat([one, other])


def by_key(*pieces: tuple[Array, Array]) -> tuple[Array, Array]:
    """The keys that occur among pieces, rising, and the sum of each; a piece has every key once, and its sums."""
    keys = np.unique(np.concatenate([keys for keys, _ in pieces]))
    sums = np.zeros((keys.size, *pieces[0][1].shape[1:]), np.int64)
    for mine, values in pieces:
        sums[np.searchsorted(keys, mine)] += values
    return keys, sums


def as_merged(_data: Dataset, _ask: Any, partial: Any) -> Any:
    """The partial of all lines, where it is the answer."""
    return partial.rechunk() if isinstance(partial, pl.DataFrame) else partial


@dataclass(frozen=True)
class Reduction(Generic[Ask, Partial, Answer]):
    """How one question is answered; called with a dataset and what is asked."""

    work: Callable[[Partition, Ask], Partial]
    """The partial result of one partition."""
    merge: Callable[[Partial, Partial], Partial]
    """Two partials, those of the earlier lines first, as a new one; it changes neither."""
    finish: Callable[[Dataset, Ask, Partial], Answer] = as_merged
    """The answer from the partial of all lines."""

    def __call__(self, data: Dataset, ask: Ask) -> Answer:
        return self.finish(data, ask, fold(data, self.work, self.merge, ask))


def fold(
    data: Dataset, work: Callable[[Partition, Ask], Partial], merge: Callable[[Partial, Partial], Partial], ask: Ask
) -> Partial:
    """What `work` makes of all partitions, merged in the order of the lines."""
    partitions = [Partition(data, cut) for cut in shape(data).cuts or (Cut(0, 0, False),)]
    # Below that many lines a thread costs more than it counts.
    workers = min(pl.thread_pool_size(), len(partitions), 1 + sum(one.cut.rows for one in partitions) // SLICE_ROWS)
    if workers <= 1:
        return reduce(merge, (work(one, ask) for one in partitions))
    with ThreadPoolExecutor(workers) as pool:
        found = reduce(merge, pool.map(lambda one: work(one, ask), partitions))
    give_back()
    return found
