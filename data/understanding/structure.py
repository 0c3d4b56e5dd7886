"""What each line is of, where names do not say it: the order, the product, the customer, by how their values repeat."""

from __future__ import annotations

import numpy as np

from analytics.runs import run_starts
from data.understanding.facts import Fact
from data.understanding.lines import codes
from data.understanding.names import date_role, is_marked, number_role, text_role
from data.understanding.stacks import Stack
from data.understanding.types import FileUse, Meaning, with_meanings

_LEAST_NUMBER = 100
"""Whole numbers below are rather numbers of units than of orders."""

_WORDS = r"^\p{L}{2,}( \p{L}+)*( \d{1,2})?$"
"""A value of words, such as `Tea pot 2`."""


def structured(stack: Stack, by_hand: dict[str, str], *, joined: bool) -> tuple[FileUse, list[str]]:
    """The lines' use with what the values say, and a sentence for each thing that is taken from them.

    `joined` says that the orders have a file of their own, which may name date and customer.
    """
    use, sentences = stack.use, list[str]()
    use = use if joined else _only_date(use, by_hand, sentences)
    use = _without_false_order(stack, use, by_hand, sentences)
    use = _without_false_product(stack, use, by_hand)
    use = _without_false_name(stack, use, by_hand)
    use = _customer(use, by_hand, sentences, joined=joined)
    spare = [fact for fact in use.facts if _free(use, fact) and fact.name not in by_hand]
    if use.column("order_id") is None and (result := _order(stack, use, [*spare, *_reference(use, by_hand)])):
        use = with_meanings(use, {result.name: Meaning("order_id", _stands_together(result), 0.3)})
        spare = [fact for fact in spare if fact is not result]
    if use.column("order_id") is None and not joined and (result := _row_number(stack, use, spare)):
        why = "Each value is there once, and no customer bought twice on a day: each row is an order."
        use = with_meanings(use, {result.name: Meaning("order_id", why, 0.3)})
        spare = [fact for fact in spare if fact is not result]
    if use.column("product") is None and use.column("product_id") is None:
        if result := _product(stack, use, spare):
            why = f"No column is named as the product; {result.name} has {result.distinct:,} different texts."
            use = with_meanings(use, {result.name: Meaning("product", why, 0.3)})
        elif result := _numbered_product(spare):
            why = f"Its name speaks of products, and its {result.distinct:,} numbers come back."
            use = with_meanings(use, {result.name: Meaning("product_id", why, 0.3)})
    return use, sentences


def buyers_of_orders(stack: Stack, by_hand: dict[str, str], sentences: list[str]) -> FileUse:
    """The use of orders in a file of their own, with who bought where the lines do not say it."""
    return _customer(stack.use, by_hand, sentences, joined=False)


def _numbered_product(spare: list[Fact]) -> Fact | None:
    """Whole numbers whose name speaks of products, such as PLU, where no text names them."""
    named = [fact for fact in spare if fact.kind == "whole" and text_role(fact.name) == "product"]
    return next((fact for fact in named if 1 < fact.distinct < fact.rows and not number_role(fact.name)), None)


def _free(use: FileUse, fact: Fact) -> bool:
    result = use.meanings[fact.name].meaning
    return (result == "" or ":" in result) and fact.kind in ("text", "whole") and not fact.spoilt


def _only_date(use: FileUse, by_hand: dict[str, str], sentences: list[str]) -> FileUse:
    """Lines whose only date is of something later, such as of payment: there is no other day to count them on."""
    dated = [fact.name for fact in use.facts if fact.kind == "date" and date_role(fact.name) != "other"]
    if use.column("ordered_on") or len(dated) != 1 or dated[0] in by_hand:
        return use
    sentences.append(f"{dated[0]} is the only date: it is taken as the day of the sale.")
    return with_meanings(use, {dated[0]: Meaning("ordered_on", "No other column holds dates.", 0.2)})


def _reference(use: FileUse, by_hand: dict[str, str]) -> list[Fact]:
    """What is taken as the product's number though its name, such as Ref, may as well be that of the order."""
    number = use.column("product_id")
    named = number is not None and number not in by_hand and text_role(number) in ("", "order")
    return [use.fact(number)] if number is not None and named else []


def _without_false_order(stack: Stack, use: FileUse, by_hand: dict[str, str], sentences: list[str]) -> FileUse:
    """Lines whose column that is named as the order has many days for one value: that is no order."""
    order, day = use.column("order_id"), use.column("ordered_on")
    if order is None or day is None or order in by_hand or use.fact(order).distinct >= use.fact(order).filled:
        return use
    if use.fact(order).distinct == 1 and use.fact(day).distinct > 1:
        sentences.append(f"{order} is no order number: it has one value on many days.")
        return with_meanings(use, {order: Meaning("", "It has one value on many days.", 0.3)})
    fact = use.fact(order)
    spare = [fact for fact in use.facts if _free(use, fact) and fact.name not in by_hand and fact.name != order]
    small = fact.kind == "whole" and (fact.low or 0) < _LEAST_NUMBER and not text_role(order)
    if small and (rival := _order(stack, use, [*spare, *_reference(use, by_hand)])):
        sentences.append(f"{order} is no order number: {rival.name} tells orders apart.")
        return with_meanings(use, {order: Meaning("", f"{rival.name} tells orders apart.", 0.3)})
    keys = codes(stack.texts(order))
    known = keys >= 0
    # Orders may run over days; but then hardly any of their values comes back after another.
    runs = int(run_starts(keys).sum())
    # What reads as words, such as Mug and Tea pot, may be sorted by chance.
    if runs <= use.fact(order).distinct and not stack.texts(order).str.contains(_WORDS).all():
        return use
    days = codes(stack.texts(day))
    pairs = np.unique(np.stack([keys[known], days[known]]), axis=1)[0]
    per, size = np.bincount(pairs), np.bincount(keys[known])
    several = size > 1
    spread = float(np.mean(per[: len(size)][several] > 1)) if several.any() else 0.0
    often = several.sum() >= 2 and runs > 1.5 * use.fact(order).distinct and spread > 0.5
    # A value or two that come back prove little, unless another column tells orders apart without a fault.
    if not often and not (spread and _order(stack, use, [*spare, *_reference(use, by_hand)])):
        return use
    sentences.append(f"{order} is no order number: its values come back on other days.")
    meaning = "" if use.column("product") or use.column("product_id") or use.fact(order).kind != "text" else "product"
    return with_meanings(use, {order: Meaning(meaning, "Its values come back on many days.", 0.3)})


def _without_false_product(stack: Stack, use: FileUse, by_hand: dict[str, str]) -> FileUse:
    """Lines whose column that is named as the product's number has many product names for one value."""
    number, name = use.column("product_id"), use.column("product")
    if number is None or name is None or number in by_hand:
        return use
    loose = text_role(number) in ("", "order")
    if loose and use.fact(number).unique and use.fact(name).distinct <= 0.5 * use.fact(number).rows:
        # Each row has a number of its own, though products come back: it is the row's, or that of its order.
        meaning = "order_id" if use.column("order_id") is None else ""
        why = f"Each value is there once, while {name} comes back: it is no number of a product."
        return with_meanings(use, {number: Meaning(meaning, why, 0.3)})
    if use.fact(number).distinct >= use.fact(number).filled:
        return use
    keys, names = codes(stack.texts(number)), codes(stack.texts(name))
    known = (keys >= 0) & (names >= 0)
    pairs = np.unique(np.stack([keys[known], names[known]]), axis=1)[0]
    several = np.bincount(keys[known]) > 1
    if several.sum() < 2 or np.mean(np.bincount(pairs, minlength=len(several))[several] > 1) <= 0.5:
        return use
    return with_meanings(use, {number: Meaning("", f"One value of it stands beside several different {name}.")})


def _without_false_name(stack: Stack, use: FileUse, by_hand: dict[str, str]) -> FileUse:
    """Lines whose column that is named as a name holds numbers such as #1001: beside who bought, they are orders'."""
    name = use.column("name") or use.column("customer_id")
    if name is None or use.column("order_id") or name in by_hand or is_marked(name, "key"):
        return use
    buyers = [fact.name for fact in use.facts if text_role(fact.name) in ("customer", "email") and fact.name != name]
    texts = stack.texts(name).drop_nulls().str.strip_chars()
    marked = texts.str.contains(r"^[#№]\s?\d+$").all()
    numbered = texts.str.contains(r"^[A-Z]{0,4}[-/]?\d[\d/-]*$").all()
    one_each = buyers and _one_each(codes(stack.texts(name)), codes(stack.texts(buyers[0])))
    if not texts.len() or not (marked or (numbered and one_each)):
        return use
    return with_meanings(use, {name: Meaning("order_id", "Its values are numbers, not names.", 0.4)})


def _customer(use: FileUse, by_hand: dict[str, str], sentences: list[str], *, joined: bool) -> FileUse:
    """The customer by number, else by name, e-mail, company, or first and last name."""
    if use.column("customer_id") or "customer_id" in by_hand.values():
        return use
    name = use.column("name")
    if not joined and (person := _person(use)):
        sentences.append(f"Customers have no number: {' and '.join(person)} together tell them apart.")
        known = {person[-1]: Meaning("customer_id", "First and last name tell customers apart.", 0.5)}
        why = "First and last name are there on more rows."
        return with_meanings(use, {**({name: Meaning("", why)} if name else {}), **known})
    others = [
        (role, fact) for role in ("customer", "email", "company") for fact in use.facts if text_role(fact.name) == role
    ]
    others = [
        (role, fact)
        for role, fact in others
        if fact.kind == "text" or (fact.kind == "whole" and not fact.coins and not number_role(fact.name))
    ]
    others = [(role, fact) for role, fact in others if use.meanings[fact.name].meaning != "order_id"]
    if name is None and others and not joined:
        fact = others[0][1]
        if use.meanings[fact.name].meaning in ("", "name") or ":" in use.meanings[fact.name].meaning:
            name = fact.name
    if name is None:
        return use
    fact = use.fact(name)
    sentences.append(f"Customers have no number: {name} tells them apart.")
    return with_meanings(
        use,
        {name: Meaning("customer_id", f"Nothing else says who bought; {fact.distinct:,} different values.", 0.5)},
    )


def _person(use: FileUse) -> tuple[str, ...]:
    """Columns of first and last name, where nothing that names customers is filled on more rows."""
    named = {role: [fact for fact in use.facts if text_role(fact.name) == role] for role in _NAMES}
    if not named["first_name"] or not named["last_name"]:
        return ()
    first, last = named["first_name"][0], named["last_name"][0]
    others = [fact for role in ("customer", "email", "company") for fact in named[role]]
    known = last.kind == "text" and all(fact.filled < last.filled for fact in others)
    return (first.name, last.name) if known and last.filled > 0.5 * last.rows else ()


_NAMES = ("first_name", "last_name", "customer", "email", "company")


def _stands_together(fact: Fact) -> str:
    return f"{fact.distinct:,} different values whose rows stand together and share their day."


def _order(stack: Stack, use: FileUse, spare: list[Fact]) -> Fact | None:
    """A column whose rows stand together and share one day, as the lines of an order do."""
    day = use.column("ordered_on")
    if day is None:
        return None
    days = codes(stack.texts(day))
    for fact in sorted(spare, key=lambda item: not is_marked(item.name, "key")):
        if text_role(fact.name) in ("customer", "product", "category", "country", "region", "place", "status", "email"):
            continue
        if (
            number_role(fact.name)
            or fact.coins
            or (fact.kind == "whole" and (fact.low or 0) < _LEAST_NUMBER and not _counts_up(stack, fact))
            or fact.filled < fact.rows
            or not 0.2 * fact.rows < fact.distinct < fact.rows
        ):
            continue
        keys = codes(stack.texts(fact.name))
        runs = int(run_starts(keys).sum())
        if runs == fact.distinct and _one_each(keys, days):
            return fact
    return None


def _row_number(stack: Stack, use: FileUse, spare: list[Fact]) -> Fact | None:
    """A number of each row that may as well be that of its order, because a customer's day never has two rows."""
    day, customer = use.column("ordered_on"), use.column("customer_id")
    named = [
        fact
        for fact in spare
        if fact.unique
        and is_marked(fact.name, "key")
        and not (text_role(fact.name) or number_role(fact.name) or is_marked(fact.name, "line_level"))
        and (fact.kind == "text" or (fact.low or 0) >= _LEAST_NUMBER)
    ]
    if not named or day is None or customer is None:
        return None
    pairs = np.stack([codes(stack.texts(customer)), codes(stack.texts(day))])
    return named[0] if len(np.unique(pairs, axis=1).T) == pairs.shape[1] else None


def _counts_up(stack: Stack, fact: Fact) -> bool:
    """Whether small whole numbers named as numbers of something never go down, as those of orders in a list."""
    steps = stack.numbers(fact.name).diff().drop_nulls()
    return is_marked(fact.name, "key") and bool((steps >= 0).all())


def _one_each(keys: np.ndarray, values: np.ndarray) -> bool:
    """Whether every key has one value."""
    pairs = len(np.unique(np.stack([keys, values]), axis=1).T)
    return pairs == len(np.unique(keys))


def _product(stack: Stack, use: FileUse, spare: list[Fact]) -> Fact | None:
    """The text that varies most within orders, and comes back in others."""
    order = use.column("order_id")
    keys = codes(stack.texts(order)) if order else None
    result = []
    for fact in spare:
        if fact.kind != "text" or text_role(fact.name) in (
            "customer",
            "country",
            "region",
            "place",
            "status",
            "email",
            "order",
            "currency",
        ):
            continue
        if not 1 < fact.distinct < fact.rows:
            continue
        if keys is not None and len(np.unique(keys)) < fact.rows and _one_each(keys, codes(stack.texts(fact.name))):
            continue
        result.append(fact)
    return max(result, key=lambda item: item.distinct, default=None)
