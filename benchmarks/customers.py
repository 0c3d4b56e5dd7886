"""`python -m benchmarks.customers`: how long the customer pages' tables take against Customer insights.

And how long the search and the lifetime-value fit take on a million customers; the fit's histories are drawn from its
own model.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from analytics import lines, periods
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.models.lifetime import fit_buying
from analytics.periods import Comparison
from analytics.tables import customer as customer_tables
from analytics.tables import customers as tables
from analytics.tables.retention import bridge as bridge_tables
from analytics.tables.retention import cohorts as cohorts_tables
from analytics.tables.retention import repurchase
from analytics.tables.segments import profile as profile_tables
from analytics.tables.segments import rfm as rfm_tables
from benchmarks import demo, options
from data.store import store

CUSTOMERS = 1_000_000


RECORDS: Final[list[dict[str, object]]] = []
"""What was measured: what, wall_s and cpu_s."""


def timed(what: str, work: Callable[[], object]) -> float:
    """Seconds of work, printed and recorded."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    seconds = time.perf_counter() - start
    RECORDS.append({"what": what, "wall_s": seconds, "cpu_s": time.process_time() - cpu})
    print(f"{what:<44}{seconds:8.2f} s", flush=True)
    return seconds


def segments(data: Dataset, filters: Filters) -> None:
    """What the Segments page counts: scores at two days, moves between them, one profile."""
    assert filters.base is not None
    now, before = (
        rfm_tables.rfm(lines.purchases(data, filters.where, day), day) for day in (filters.period.end, filters.base.end)
    )
    rfm_tables.grid(now), rfm_tables.groups(now), rfm_tables.migration(before, now), rfm_tables.slipped(before, now)
    side = np.full(data.customers.height, -1, np.int64)
    side[now["customer"].to_numpy()] = (now["group"].cast(pl.String) == "At risk").cast(pl.Int64).to_numpy()
    names = [name for name in data.members if name not in ("product", "region", "continent")]
    counts = lines.buyers(data, filters.where, filters.period.end, names, side)
    inside = int((side == 1).sum())
    profile_tables.profile(counts, inside, now.height - inside)


def comebacks(data: Dataset, filters: Filters) -> None:
    """What the Retention page counts: cohorts, the wait for a second purchase, the bridge."""
    assert filters.base is not None
    until = filters.period.end
    bought = lines.purchases(data, filters.where, until)
    people = data.customers.with_row_index("customer").select("customer", "first_on").drop_nulls()
    everybody = people.with_columns(pl.lit("all").alias("group"))
    cohorts_tables.cells(bought, everybody, data.first_day, until, "month", data.calendar)
    waits = repurchase.seconds(bought, people, until).join(lines.firsts(data, "category"), on="customer")
    repurchase.came_back(waits.rename({"member": "group"}), until)
    repurchase.waiting(waits, until)
    base = Filters(filters.base, Comparison("none", None), filters.where)
    bridge_tables.bridge(
        lines.customers(data, filters), lines.customers(data, base), people, filters.period.start, 0, 0
    )


def drawn(customers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x and T in days of customers who buy and stop as the model says, seen for up to three years."""
    rng = np.random.default_rng(1)
    observed = rng.integers(1, 1096, customers)
    rate, stop = rng.gamma(0.4, 1 / 40, customers), rng.beta(0.8, 2.5, customers)
    x, last, now = np.zeros(customers, np.int64), np.zeros(customers, np.int64), np.zeros(customers)
    going = np.arange(customers)
    while going.size:
        now[going] += rng.exponential(1 / np.maximum(rate[going], 1e-12))
        going = going[now[going] <= observed[going]]
        x[going] += 1
        last[going] = now[going].astype(np.int64)
        going = going[rng.random(going.size) >= stop[going]]
    return x, last, observed


def many(customers: int) -> pl.DataFrame:
    """Customers with names and ids."""
    rng = np.random.default_rng(1)
    first, last = (rng.choice(names, customers) for names in (("Emma", "Ada", "Noor", "Kai"), range(50_000)))
    return pl.DataFrame(
        {
            "customer_id": [f"C{n:07}" for n in range(customers)],
            "name": [f"{a} {b}" for a, b in zip(first, last, strict=True)],
        }
    ).with_columns(pl.lit(date(2024, 1, 1)).alias("first_on"))


def main() -> None:
    """The command line."""
    chosen = options.parser("customers", __doc__, lines=0, rounds=2).parse_args()
    data = store.load(demo.ready(chosen.lines).name if chosen.lines else "demo")
    period = periods.preset("last_12_months", data.first_day, data.last_day)
    filters = Filters(period, periods.compare(period, "previous_year", data.first_day))
    lines.revenue(data)
    pages: dict[str, Callable[[], object]] = {
        "Customer insights": lambda: tables.customers(data, filters, "month"),
        "Segments": lambda: segments(data, filters),
        "Retention": lambda: comebacks(data, filters),
    }
    least = {page: min(timed(page, work) for _ in range(chosen.rounds)) for page, work in pages.items()}
    for page in ("Segments", "Retention"):
        print(f"{page:<44}{least[page] / least['Customer insights']:8.1f} x Customer insights")
    histories = drawn(CUSTOMERS)
    people = many(CUSTOMERS)
    known = customer_tables.directory(people)
    for words in ("emma", "a", "emma 1", "c0001234", "nobody"):
        timed(
            f"Search for '{words}' among {CUSTOMERS:,}",
            lambda words=words: customer_tables.find(known, people, words),  # type: ignore[misc]
        )
    timed(f"BG/NBD fit on {CUSTOMERS:,} customers", lambda: print(fit_buying(*histories)))
    options.write(chosen.json, RECORDS)


if __name__ == "__main__":
    main()
