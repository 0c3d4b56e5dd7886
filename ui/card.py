"""Cards as values: what a card says, shows and offers, drawn by one function, and laid out in rows.

A card that does more than this, such as a what-if, draws itself inside `parts.card`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
import streamlit as st

from analytics.dataset import Dataset
from analytics.formats import plain
from ui import choices, customer_parts, parts, queries
from ui.choices import Choice
from ui.headings import Heading
from ui.sidebar import View


@dataclass(frozen=True, eq=False)
class Chart:
    """A specification drawn over rows."""

    spec: dict[str, Any]
    rows: pl.DataFrame
    alt: str
    """The chart's constant name; its takeaway belongs to the card."""
    name: str = ""
    """Its own name on the page, where a click in it does something."""
    clicked: Callable[[str], None] | None = None
    """What a click in it does, given the key of the chart's state."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows drawn as a table, headed as the card's."""

    rows: pl.DataFrame
    alt: str
    height: int | Literal["content"] = "content"


@dataclass(frozen=True, eq=False)
class CustomerList:
    """The first of a list of customers, whose rows open their pages, and a file with all of them."""

    rows: pl.DataFrame
    name: str
    alt: str
    height: int | Literal["content"] = 388
    whole: Callable[[], pl.DataFrame] | None = None
    """The whole list, where there is a file of it."""
    file: str = ""
    count: int = 0
    """Rows of the whole list."""
    of: object = None
    """Plain values that the whole list depends on."""


Body = Chart | Rows | CustomerList


@dataclass(frozen=True, eq=False)
class Card:
    """One card: words, all of them plain text, what is drawn, and the table and CSV behind it."""

    title: str
    name: str
    """Its own name on the page, that of its file."""
    table: pl.DataFrame | Callable[[], pl.DataFrame]
    """The rows behind its button, or how to get them when it is opened."""
    takeaway: str = ""
    """What it shows in a sentence."""
    note: str = ""
    """How to read it."""
    columns: Mapping[str, Heading] = field(default_factory=dict)
    """Headings that differ from those of `headings.HEADINGS`."""
    choices: Sequence[Choice] = ()
    """What can be chosen in it."""
    body: Sequence[Body] = ()
    empty: str = ""
    """Words in place of the body where that has no rows."""
    height: Literal["stretch", "content"] = "stretch"


@dataclass(frozen=True)
class Absent:
    """A card that cannot be shown, and why, in plain text."""

    title: str
    why: str


def lacking(title: str, columns: str) -> Absent:
    """A card whose columns the dataset has not; see `parts.hidden`."""
    return Absent(title, parts.hidden(columns))


Drawn = Card | Absent | None
"""What a card's function returns: None where it has drawn the card itself, or there is nothing to show."""


def show(data: Dataset, card: Drawn) -> None:
    """Draw a card: title, takeaway and note beside the button of its table, choices, body."""
    if card is None:
        return
    if isinstance(card, Absent):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{plain(card.title)}**")
            parts.blank(plain(card.why))
        return
    with parts.card(
        data,
        card.title,
        name=card.name,
        table=card.table,
        takeaway=card.takeaway,
        note=card.note,
        columns=card.columns,
        height=card.height,
    ):
        choices.draw(card.choices)
        if card.empty and all(part.rows.is_empty() for part in card.body):
            parts.blank(plain(card.empty))
            return
        for part in card.body:
            _draw(data, part, card.columns)


def _draw(data: Dataset, part: Body, columns: Mapping[str, Heading]) -> None:
    if isinstance(part, Chart):
        parts.draw(part.spec, part.rows, alt=part.alt, name=part.name, clicked=part.clicked)
    elif isinstance(part, Rows):
        parts.table(data, part.rows, columns, alt=part.alt, height=part.height)
    else:
        customer_parts.customers(data, part.rows, columns, name=part.name, alt=part.alt, height=part.height)
        if part.whole:
            label = f"Download all {part.count:,} as CSV"
            customer_parts.csv(part.whole, name=part.file, label=label, of=part.of)


def row(view: View, *cards: Callable[[View], Drawn], widths: Sequence[int] | None = None) -> None:
    """Draw cards side by side, each computed when those before it are drawn; alone, a card takes the whole width."""
    data = queries.dataset(view.source)
    if len(cards) == 1:
        show(data, cards[0](view))
        return
    for place, card in zip(st.columns(widths or len(cards)), cards, strict=True):
        with place:
            show(data, card(view))
