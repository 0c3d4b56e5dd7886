"""What the rules find in order lines, and what each policy is worth before it is chosen.

Every row breaks some set of rules. Rows and money are counted once for each such set; from that small table follows, to
the cent, what any choice of policies keeps, turns into returns and sets aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from data.building.lookups import lookup_tables
from data.building.order_lines import foreign_money, line_frame
from data.checking import checks, flags
from data.files import RecipeFiles
from data.recipe.recipes import Recipe
from data.rules import swapped
from data.rules.months import DATED, Move, moves
from data.rules.policies import Policies
from data.rules.table import NOT_SUMMED, ON_ORDER, RULES, SET_ASIDE, title
from data.sources import Origin
from data.terms.rows import FLAG, FOREIGN, RAW, ROW, SOURCE
from data.terms.texts import money

EXAMPLES: Final = 5
"""Rows shown for a rule."""


@dataclass(frozen=True)
class RuleFinding:
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
class PolicyOutcome:
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
    by_rule: tuple[RuleFinding, ...]
    combinations: tuple[Combination, ...]
    order: tuple[str, ...] = field(default=())

    def outcome(self, policies: Policies) -> PolicyOutcome:
        """What the import would keep, turn into returns and set aside."""
        kept = revenue = returned = returns_money = aside = aside_money = 0
        for combination in self.combinations:
            fate = _fate(combination.rules, policies)
            if fate == SET_ASIDE:
                aside, aside_money = aside + combination.rows, aside_money + combination.money
            elif fate == "returns":
                returned, returns_money = returned + combination.rows, returns_money + combination.money
            else:
                kept, revenue = kept + combination.rows, revenue + combination.money
        return PolicyOutcome(kept, revenue, returned, returns_money, aside, aside_money)

    def effect(self, policies: Policies, rule: str, option: str) -> int:
        """By how much the revenue would change, in ten-thousandths, if this rule had another policy."""
        return self.outcome(policies.but({rule: option})).revenue - self.outcome(policies).revenue

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> Findings:
    """What `Findings.as_json` gave."""
    return Findings(
        rows=content["rows"],
        by_rule=tuple(
            RuleFinding(
                **{**item, "examples": tuple(item["examples"]), "months": tuple(tuple(move) for move in item["months"])}
            )
            for item in content["by_rule"]
        ),
        combinations=tuple(Combination(**{**item, "rules": tuple(item["rules"])}) for item in content["combinations"]),
        order=tuple(content["order"]),
    )


def _fate(rules: Sequence[str], policies: Policies) -> str:
    for rule in rules:
        own = rule in (ON_ORDER, "negative_quantity")
        if not own and (rule not in policies or policies[rule] == SET_ASIDE):
            return SET_ASIDE
    if "negative_quantity" in rules:
        policy = policies["negative_quantity"]
        if policy == "net":
            return "kept" if ON_ORDER in rules else "returns"
        return policy
    return "kept"


def find(recipe: Recipe, origin: Origin, *, today: date | None) -> Findings:
    """Try every rule on every order line of a recipe, whatever its policies say."""
    files = RecipeFiles(origin, detect=recipe.detect)
    lookups = lookup_tables(recipe, files)
    opened_files = files.open(recipe.lines)
    specs = dict(recipe.lines.columns)
    frame, computed, readable = line_frame(recipe, opened_files, specs, lookups)
    names = [*(rule.name for rule in RULES.values() if rule.flag), ON_ORDER]
    frame = flags.flagged(frame, recipe, opened_files, names, today=today, products=lookups.products)
    mended = recipe.policies[swapped.NAME] == "swap_back"
    strict = recipe.policies.but({rule.name: SET_ASIDE for rule in RULES.values() if rule.options})
    reading = checks.unreadable_checks(readable)
    rules = [*reading, *checks.line_checks(strict, computed, currency=recipe.currency)]
    broken = frame.select(
        SOURCE,
        ROW,
        pl.col("revenue").alias("money"),
        *(["currency"] if "currency" in computed else []),
        *((~rule.valid).fill_null(False).alias(rule.name) for rule in rules),
        pl.col(FLAG + ON_ORDER),
    ).collect()
    names = [rule.name for rule in rules]
    # Where the money does not fit, what was computed is not it; and other money is never summed with this one.
    foreign = pl.col("other_currency") if "other_currency" in names else pl.lit(False)
    apart = pl.any_horizontal(name for name in NOT_SUMMED if name in names)
    sums = pl.when(apart).then(0).otherwise(pl.col("money")).fill_null(0)
    broken = broken.with_columns(sums.alias("money"), pl.when(foreign).then(pl.col("money")).alias(FOREIGN))
    combinations = (
        broken.group_by(*names, FLAG + ON_ORDER)
        .agg(pl.len().alias("rows"), pl.col("money").sum())
        .sort(*names, FLAG + ON_ORDER)
    )
    listed = []
    for row in combinations.iter_rows(named=True):
        kinds = [name for name in names if row[name]] + ([ON_ORDER] if row[FLAG + ON_ORDER] else [])
        listed.append(Combination(tuple(kinds), row["rows"], row["money"]))
    result = []
    texts = [file.name for file, _ in opened_files]
    for rule in rules:
        rows = broken.filter(pl.col(rule.name))
        if rows.height:
            visible = rows.sort(SOURCE, ROW).head(EXAMPLES)
            result.append(
                RuleFinding(
                    rule=rule.name,
                    reason=rule.reason,
                    rows=rows.height,
                    money=int(rows["money"].sum()),
                    examples=tuple(_examples(frame, visible, texts)),
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
    line = list(RULES[rule].earlier) if rule in RULES else []
    if not line:
        return ""
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
