"""Counts of a block's lines by keys: how often each key occurs, and the distinct orders and customers of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.lines.axes import Axis, Grouping, size_of
from analytics.lines.block import Block
from analytics.lines.distinct import counted, distinct_pairs, run_starts
from analytics.lines.requests import BUCKET, BUYER

Array = NDArray[Any]


def digit(request: tuple[Axis, ...], name: str, key: Array) -> Array:
    """The code on one axis in the key of a request."""
    n = next(n for n, one in enumerate(request) if one.name == name)
    lower = key // size_of(request[n + 1 :]) if request[n + 1 :] else key
    return lower % request[n].size if n else lower


def histogram(low: Array, size: int) -> Array:
    """How often each mark (0 to 3) occurs with each key, from key x 4 + mark."""
    return counted(low, (size, 4))


def orders_by(block: Block, request: tuple[Axis, ...]) -> Array:
    """The key of each distinct (order, key) pair, in any order.

    An order's lines come by product, so equal products, and equal levels of them, lie together and each run of keys is
    one pair. Any other column may return within an order; then pairs that return are dropped.
    """
    if all(block.whole_orders(one) for one in request):
        return block.order_key(Grouping(request))
    key = block.codes(request[0]) if len(request) == 1 else block.key(Grouping(request))
    starts = run_starts(key, block.starts_order)
    if [one.family for one in request if not one.per_order] == ["product"]:
        return key[starts].astype(np.intp)
    rows = np.flatnonzero(starts)
    order = np.searchsorted(block.order_starts, rows, side="right")
    return distinct_pairs(order, key[rows], size_of(request))[1].astype(np.intp)


def customers_by_order(block: Block, request: tuple[Axis, ...]) -> tuple[Array, Array]:
    """Each (customer, key) once, of a request whose axes all lines of an order share, in any order.

    A customer's orders come by day, so a bucket never returns: only within one can a key of the other axes do.
    """
    if not request:
        return np.arange(block.customers.size), np.zeros(block.customers.size, np.intp)
    if all(one.family == "geography" for one in request):
        at = block.stays
        customer, edge = block.customer_of_order[at], block.starts_customer[at]
        key = block.columns[request[0].name][block.order_starts[at]].astype(np.intp)
        for one in request[1:]:
            key = key * one.size + block.columns[one.name][block.order_starts[at]]
    else:
        customer, edge = block.customer_of_order, block.starts_customer
        key = block.order_codes(request[0]) if len(request) == 1 else block.order_key(Grouping(request))
    rows = np.flatnonzero(run_starts(key, edge))
    customer, key = customer[rows], key[rows]
    names = {one.name for one in request}
    if names <= {BUCKET, BUYER}:
        return customer, key
    if BUCKET not in names:
        return distinct_pairs(customer, key, size_of(request))
    edge = run_starts(digit(request, BUCKET, key), block.starts_customer[rows])
    spell = np.cumsum(edge) - 1
    first = np.flatnonzero(edge)
    spell, key = distinct_pairs(spell, key, size_of(request))
    return customer[first[spell]], key
