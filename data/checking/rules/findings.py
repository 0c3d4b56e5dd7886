"""What the rules find in order lines, and what each policy is worth before it is chosen.

Every row breaks some set of rules. Rows and money are counted once for each such set; from that small table follows, to
the cent, what any choice of policies keeps, turns into returns and sets aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

import polars as pl

from data.building.lookups import lookup_tables
from data.building.order_lines import foreign_money, line_frame
from data.checking import checks
from data.checking.checks import CONTEXT, FLAG, RAW, SOURCE
from data.checking.rules import flags
from data.checking.rules.months import DATED, Move, moves
from data.checking.typed import FOREIGN
from data.files import Files
from data.recipe.policies import Policies
from data.recipe.recipes import Recipe
from data.report import money
from data.sources import ROW, Origin

EXAMPLES: Final = 5
"""Rows shown for a rule."""

OPTIONS: Final = {
    "missing_customer": ("none", "set_aside"),
    "missing_product": ("keep", "set_aside"),
    "no_sale": ("set_aside", "keep"),
    "negative_quantity": ("returns", "net", "set_aside"),
    "negative_price": ("keep", "set_aside"),
    "zero_price": ("keep", "set_aside"),
    **dict.fromkeys(CONTEXT, ("keep", "set_aside")),
    "swapped_date": ("keep", "swap_back", "set_aside"),
}
"""Rule -> its policies. Every other rule sets its rows aside: they cannot be counted at all."""

LABELS: Final = {
    "none": "Keep, without a customer",
    "keep": "Keep",
    "set_aside": "Set aside",
    "returns": "Turn into returns",
    "net": "Net against the order",
    "swap_back": "Swap day and month back",
}
"""What a policy is called."""

TITLES: Final = {
    "missing_order": "No order number",
    "missing_date": "No date",
    "missing_product": "No product",
    "missing_quantity": "No quantity",
    "missing_price": "No money",
    "too_large": "Amount too large",
    "missing_customer": "No customer",
    "other_currency": "Another currency",
    "no_sale": "No sale by its status",
    "duplicate_lines": "Duplicate lines",
    "overlapping_files": "Overlapping files",
    "contradicting_files": "Files contradict each other",
    "altered_price": "Repeated at another price",
    "price_range": "Price out of range",
    "date_range": "Date out of range",
    "future_date": "Date in the future",
    "swapped_date": "Day and month swapped",
    "unknown_product": "Unknown product",
    "zero_quantity": "Quantity of zero",
    "negative_price": "Price below zero",
    "zero_price": "Price of zero",
    "negative_quantity": "Negative quantity or credit note",
    "discount_rate": "Discount out of range",
}
"""What a rule is called."""

_ON_ORDER: Final = "credit_on_order"


def title(rule: str) -> str:
    """What a rule is called."""
    return TITLES.get(rule, f"Unreadable {rule.removeprefix('unreadable_')}".replace("_", " "))


@dataclass(frozen=True)
class Found:
    """What one rule finds."""

    rule: str
    reason: str
    rows: int
    money: int
    """Money of the rows in ten-thousandths, as the source has it."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """The first rows: file, row, and their original text."""
    note: str = ""
    """What else is to be said, such as by how much contradicting files differ."""
    months: tuple[Move, ...] = ()
    """For a rule about dates: the months that its choices change."""

    @property
    def title(self) -> str:
        """What the rule is called."""
        return title(self.rule)


@dataclass(frozen=True)
class Combination:
    """Rows that break exactly these rules."""

    rules: tuple[str, ...]
    rows: int
    money: int


@dataclass(frozen=True)
class Outcome:
    """Where rows and money go under a choice of policies; money in ten-thousandths."""

    kept: int
    revenue: int
    returned: int
    returns_money: int
    aside: int
    aside_money: int


@dataclass(frozen=True)
class Findings:
    """Everything the rules found in the order lines."""

    rows: int
    found: tuple[Found, ...]
    combinations: tuple[Combination, ...]
    order: tuple[str, ...] = field(default=())

    def outcome(self, policies: Policies) -> Outcome:
        """What the import would keep, turn into returns and set aside."""
        kept = revenue = returned = returns_money = aside = aside_money = 0
        for one in self.combinations:
            fate = _fate(one.rules, policies)
            if fate == "set_aside":
                aside, aside_money = aside + one.rows, aside_money + one.money
            elif fate == "returns":
                returned, returns_money = returned + one.rows, returns_money + one.money
            else:
                kept, revenue = kept + one.rows, revenue + one.money
        return Outcome(kept, revenue, returned, returns_money, aside, aside_money)

    def effect(self, policies: Policies, rule: str, option: str) -> int:
        """By how much the revenue would change, in ten-thousandths, if this rule had another policy."""
        other = replace(policies, **{rule: option})
        return self.outcome(other).revenue - self.outcome(policies).revenue

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> Findings:
    """What `Findings.as_json` gave."""
    return Findings(
        rows=content["rows"],
        found=tuple(
            Found(**{**one, "examples": tuple(one["examples"]), "months": tuple(map(tuple, one["months"]))})
            for one in content["found"]
        ),
        combinations=tuple(Combination(**{**one, "rules": tuple(one["rules"])}) for one in content["combinations"]),
        order=tuple(content["order"]),
    )


def _fate(rules: Sequence[str], policies: Policies) -> str:
    for rule in rules:
        own = rule in (_ON_ORDER, "negative_quantity")
        if not own and (rule not in OPTIONS or getattr(policies, rule) == "set_aside"):
            return "set_aside"
    if "negative_quantity" in rules:
        policy = policies.negative_quantity
        if policy == "net":
            return "kept" if _ON_ORDER in rules else "returns"
        return policy
    return "kept"


def find(recipe: Recipe, origin: Origin, *, today: date | None) -> Findings:
    """Try every rule on every order line of a recipe, whatever its policies say."""
    files = Files(origin, detect=recipe.detect)
    lookups = lookup_tables(recipe, files)
    opened_files = files.open(recipe.lines)
    specs = dict(recipe.lines.columns)
    frame, computed, readable = line_frame(recipe, opened_files, specs, lookups)
    found = flags.flags(
        frame,
        opened_files,
        [*CONTEXT, _ON_ORDER],
        today=today,
        products=lookups.products,
        numbered_orders="order_id" in recipe.lines.columns,
        order_column=recipe.lines.columns["order_id"].columns[0] if "order_id" in recipe.lines.columns else "",
    )
    frame = flags.joined(frame, found)
    mended = recipe.policies.swapped_date == "swap_back"
    if mended:
        frame = flags.swapped_back(frame)
    strict = Policies(
        **{
            **asdict(recipe.policies),
            **dict.fromkeys(OPTIONS, "set_aside"),
        }
    )
    reading = checks.unreadable_rules(readable)
    rules = [*reading, *checks.line_rules(strict, computed, currency=recipe.currency)]
    broken = frame.select(
        SOURCE,
        ROW,
        pl.col("revenue").alias("money"),
        *(["currency"] if "currency" in computed else []),
        *((~rule.valid).fill_null(False).alias(rule.name) for rule in rules),
        pl.col(FLAG + _ON_ORDER),
    ).collect()
    names = [rule.name for rule in rules]
    # Where the money does not fit, what was computed is not it; and other money is never summed with this one.
    foreign = pl.col("other_currency") if "other_currency" in names else pl.lit(False)
    sums = pl.when(pl.col("too_large") | foreign).then(0).otherwise(pl.col("money")).fill_null(0)
    broken = broken.with_columns(sums.alias("money"), pl.when(foreign).then(pl.col("money")).alias(FOREIGN))
    combinations = (
        broken.group_by(*names, FLAG + _ON_ORDER)
        .agg(pl.len().alias("rows"), pl.col("money").sum())
        .sort(*names, FLAG + _ON_ORDER)
    )
    listed = []
    for row in combinations.iter_rows(named=True):
        kinds = [name for name in names if row[name]] + ([_ON_ORDER] if row[FLAG + _ON_ORDER] else [])
        listed.append(Combination(tuple(kinds), row["rows"], row["money"]))
    result = []
    texts = [file.name for file, _ in opened_files]
    for rule in rules:
        rows = broken.filter(pl.col(rule.name))
        if rows.height:
            shown = rows.sort(SOURCE, ROW).head(EXAMPLES)
            result.append(
                Found(
                    rule=rule.name,
                    reason=rule.reason,
                    rows=rows.height,
                    money=int(rows["money"].sum()),
                    examples=tuple(_examples(frame, shown, texts)),
                    note=_note(rule.name, frame, broken),
                    months=moves(frame, rule.name, mended=mended) if rule.name in DATED else (),
                )
            )
    return Findings(broken.height, tuple(result), tuple(listed), tuple(names))


def _examples(frame: pl.LazyFrame, rows: pl.DataFrame, files: Sequence[str]) -> list[dict[str, Any]]:
    """The original text of some rows."""
    raw = [name for name in frame.collect_schema().names() if name.startswith(RAW)]
    wanted = frame.join(rows.lazy().select(SOURCE, ROW), on=[SOURCE, ROW], how="semi")
    texts = wanted.select(SOURCE, ROW, *raw).collect().sort(SOURCE, ROW)
    return [
        {
            "file": files[row[SOURCE]],
            "row": row[ROW],
            **{name.removeprefix(RAW): row[name] for name in raw},
        }
        for row in texts.iter_rows(named=True)
    ]


def _note(rule: str, frame: pl.LazyFrame, broken: pl.DataFrame) -> str:
    """By how much rows that say something else differ from those they contradict."""
    if rule == "other_currency":
        return f"It is not in these sums: {foreign_money(broken.lazy())}"
    if rule not in ("contradicting_files", "altered_price"):
        return ""
    line = ["order_id", "product_id", *([SOURCE] if rule == "altered_price" else [])]
    rows_of = [SOURCE, ROW]
    own = frame.select(*dict.fromkeys([*rows_of, *line, "quantity"]), pl.col("revenue").alias("is"))
    both = own.join(broken.lazy().select(*rows_of, pl.col(rule)), on=rows_of, how="left").sort(rows_of)
    again, earlier = both.filter(rule), both.filter(~pl.col(rule))
    # A product that an order has twice is told apart by its quantity, where the quantity is still the same.
    for number, keys in enumerate(([*line, "quantity"], line)):
        first = earlier.unique(subset=keys, keep="first", maintain_order=True)
        again = again.join(first.select(*keys, pl.col("is").alias(f"was {number}")), on=keys, how="left")
    differ = pl.col("is") - pl.coalesce("was 0", "was 1")
    total = again.select(
        differ.count().alias("rows"), (differ != 0).sum().alias("altered"), differ.sum().alias("difference")
    ).collect()
    rows, altered, difference = total.row(0)
    if not rows:
        return ""
    return f"{altered:,} of them have other money than the earlier row: {money(difference or 0)} in all."
