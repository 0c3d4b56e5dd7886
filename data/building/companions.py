"""Returns and targets, with the codes and Enums of the lines."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.dataset import GEOGRAPHY, NO_CUSTOMER, PRODUCT_LEVELS
from data.building.coding import CODE, PLACE, Coded
from data.building.members import narrow
from data.errors import DataError


def code_returns(
    returns: pl.DataFrame, products: Coded, places: Coded | None, customers: pl.DataFrame, orders: pl.DataFrame
) -> pl.DataFrame:
    """Returns by day: day, dimensions, quantity, amount, and customer, order and reason where the source has them.

    A return that names its order but no customer or place has those of the order.
    """
    frame = _coded(returns, products, "product_code").with_columns(pl.col("returned_on").alias("day"))
    if "customer_id" in returns.columns and customers.height > 1:
        ids = customers.select("customer_id").with_row_index("customer").drop_nulls("customer_id")
        frame = _joined(frame.with_columns(pl.col("customer_id").cast(pl.String)), ids, ["customer_id"])
        frame = frame.with_columns(pl.col("customer").fill_null(NO_CUSTOMER))
    own_place = places is not None and any(column in returns.columns for column in places.columns)
    if places is not None and own_place:
        frame = _coded(frame, places, PLACE)
    if "order_id" in returns.columns:
        frame = _with_order(frame, orders, customers, fill_place=places is not None and not own_place)
    frame = frame.sort("day", "product_code", maintain_order=True)
    visible = [products.table[level].gather(frame["product_code"]) for level in products.levels]
    if places is not None and PLACE in frame.columns:
        named = places.levels if not own_place or set(places.columns) <= set(returns.columns) else returns.columns
        visible += [places.table[level].gather(frame[PLACE]) for level in places.levels if level in named]
    rest = [frame[column] for column in ("customer", "order") if column in frame.columns]
    if "reason" in frame.columns:
        rest.append(frame["reason"].cast(pl.String))
    return pl.DataFrame([frame["day"], *visible, narrow(frame["quantity"]), frame["amount"].cast(pl.Int64), *rest])


def _joined(frame: pl.DataFrame, other: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    return frame.join(other, on=list(on), how="left", nulls_equal=True, maintain_order="left")


def _with_order(
    frame: pl.DataFrame, orders: pl.DataFrame, customers: pl.DataFrame, *, fill_place: bool
) -> pl.DataFrame:
    """Returns with the code of their order, and the customer and place of that order where they have none."""
    first = orders.with_row_index("order").unique(subset="order_id", keep="first", maintain_order=True)
    wanted = first.select(
        "order_id", "order", pl.col("customer").alias("__customer"), pl.col(PLACE).alias("__place_of")
    )
    frame = _joined(frame.with_columns(pl.col("order_id").cast(pl.String)), wanted, ["order_id"])
    linked = frame["order"].null_count() < frame.height
    if linked and customers.height > 1:
        own = pl.col("customer") if "customer" in frame.columns else pl.lit(NO_CUSTOMER, pl.UInt32)
        known = pl.when(own == NO_CUSTOMER).then(pl.col("__customer").fill_null(NO_CUSTOMER)).otherwise(own)
        frame = frame.with_columns(known.alias("customer"))
    # A place is shown for every return or for none: a partly known place would make the return rate of a country wrong.
    if fill_place and frame["order"].null_count() == 0:
        frame = frame.with_columns(pl.col("__place_of").alias(PLACE))
    return frame.drop("__customer", "__place_of", *([] if linked else ["order"]))


def _coded(frame: pl.DataFrame, coded: Coded, code: str) -> pl.DataFrame:
    """Add the code of each row from those source columns that the frame has; an ambiguous name is an error."""
    keys = [column for column in coded.columns if column in frame.columns]
    codes = coded.keys.select(*keys, pl.col(CODE).alias(code)).sort(code)
    if len(keys) < len(coded.columns):
        _need_clear(codes, keys, coded, code)
    codes = codes.unique(subset=keys, keep="first", maintain_order=True)
    return _joined(frame.with_columns(pl.col(keys).cast(pl.String)), codes, keys)


def _need_clear(codes: pl.DataFrame, keys: Sequence[str], coded: Coded, code: str) -> None:
    """A place named without its wider level must not mean two members of its own level."""
    labels = [key for key in keys if key in GEOGRAPHY]
    if not labels:
        return
    seen = codes.with_columns(coded.table[label].gather(codes[code]).alias(f"__{label}") for label in labels)
    unclear = (
        seen.group_by(keys)
        .agg(pl.struct(f"__{label}" for label in labels).n_unique().alias("__members"))
        .filter(pl.col("__members") > 1)
        .sort(keys)
    )
    if unclear.height:
        name = ", ".join(str(value) for value in unclear.select(keys).row(0))
        raise DataError(
            f"The returns name {name}, which lies in several places of the lines. Map the wider level in the returns."
        )


def code_targets(targets: pl.DataFrame, hierarchies: Sequence[Coded], notes: list[str]) -> pl.DataFrame:
    """Targets by month with the lines' Enums; null means all. One that names what no line has is left out and noted."""
    names = [level for level in (*GEOGRAPHY, *PRODUCT_LEVELS) if level in targets.columns]
    frame = targets.with_columns(
        pl.col("month").dt.truncate("1mo"),
        pl.col("revenue").cast(pl.Int64),
        *(pl.col(names).cast(pl.String) for _ in names[:1]),
    )
    unknown = pl.lit(False)
    texts: list[str] = []
    for level in (*GEOGRAPHY, *PRODUCT_LEVELS):
        if level not in frame.columns:
            continue
        coded = next((hierarchy for hierarchy in hierarchies if level in hierarchy.levels), None)
        if coded is None:
            unknown = unknown | pl.col(level).is_not_null()
            continue
        order = coded.levels
        keys = [wider for wider in order[: order.index(level) + 1] if wider in frame.columns]
        frame = _joined(frame, _names(coded, level, keys), keys)
        unknown = unknown | (pl.col(level).is_not_null() & pl.col(f"__{level}").is_null())
        texts.append(level)
    left_out = frame.filter(unknown).height
    if left_out:
        notes.append(f"{left_out:,} targets name places or products that no line has: left out.")
    frame = frame.filter(~unknown)
    kept = frame.select("month", *(pl.col(f"__{level}").alias(level) for level in texts), "revenue")
    return kept.sort("month", *texts, maintain_order=True)


def _names(coded: Coded, level: str, keys: Sequence[str]) -> pl.DataFrame:
    """The label of a level by its source name, told apart by the wider levels that are named with it or are null."""
    table = coded.table.select(*(pl.col(f"__{key}").alias(key) for key in keys), pl.col(level).alias(f"__{level}"))
    by_all = table.unique()
    wider = list(keys[:-1])
    if wider:
        alone = table.drop(wider).unique().with_columns(pl.lit(None, pl.String).alias(column) for column in wider)
        by_all = pl.concat([by_all, alone.select(by_all.columns)])
    # A name that could mean two members leads to none.
    return by_all.filter(pl.struct(keys).is_unique())
