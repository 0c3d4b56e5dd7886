"""One visitor's way through the app, who looks through every answer for what is somebody else's."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import polars as pl
import pyarrow as pa

from analytics import formats
from benchmarks.server import Session
from ui import menu

COUNTRIES: Final = ("France", "Germany", "Japan")
PAGES: Final = tuple(entry.name for entry in menu.PAGES if entry.of_view and not entry.whole)
SEGMENT: Final = "Regulars"
PRIVATE, SHARED = "sales", "shared"


@dataclass
class Visitor:
    """One visitor: what is theirs, and what they have met."""

    mark: str
    rows: pl.DataFrame
    files: set[str] = field(default_factory=set)
    """Names of the files that the server offered to make for them."""
    met: Counter[str] = field(default_factory=Counter)
    """Kind of answer -> how many."""
    own: int = 0
    """Answers that hold one's own mark."""
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def rows(mark: str) -> pl.DataFrame:
    """A visitor's own order lines."""
    rng = random.Random(mark)
    return pl.DataFrame(
        [
            {
                "Order No": f"{mark}o{n // 2}",
                "Date": f"2024-{1 + n // 2 % 12:02}-{1 + n // 2 % 28:02}",
                "Customer ID": f"{mark}c{n // 2 % 37}",
                "Customer name": f"{mark} Name {n // 2 % 37}",
                "Product": f"{mark} Thing {rng.randint(1, 9)}",
                "Category": f"{mark} Kind",
                "Country": COUNTRIES[n // 2 % 37 % 3],
                "Quantity": rng.randint(1, 4),
                "Revenue": rng.randint(500, 30_000) / 100,
            }
            for n in range(400)
        ]
    )


def money(amounts: pl.Series) -> float:
    """The sum of some amounts."""
    return float(amounts.cast(pl.Float64).sum())


class VisitorWalk:
    """One visitor's way through the app."""

    def __init__(self, session: Session, me: Visitor, other: Visitor, seed: int) -> None:
        self.session, self.me, self.other, self.rng = session, me, other, random.Random(seed)

    def act(self) -> None:
        """One thing that a visitor does, and the look at its answer."""
        kind = self.rng.choices(
            [self.page, self.search, self.customer, self.lists, self.export, self.segment, self.targets, self.address],
            [40, 10, 8, 12, 6, 6, 4, 14],
        )[0]
        kind()

    def look(self, kind: str, received: bytes, *, typed: bool = False) -> None:
        """Count an answer and look for the other's mark; where it was `typed` the page says it again, but no more."""
        self.me.met[kind] += 1
        self.me.own += self.me.mark.encode() in received
        for more in ("c", "o", " Name", " Thing", " Kind") if typed else ("",):
            if (found := f"{self.other.mark}{more}".encode()) in received:
                at = received.index(found)
                self.me.leaks.append(f"{kind}: {received[max(0, at - 200) : at + 100]!r}")

    def run(self, kind: str, *, typed: bool = False) -> None:
        """Run the page and look at all that came."""
        self.session.run()
        answer = self.session.visit.answer
        self.look(kind, b"".join(answer.raw), typed=typed)
        self.me.files |= {one.deferred_file_id for one in answer.downloads.values() if one.deferred_file_id}
        if answer.errors:
            self.me.wrong.append(f"{kind}: {answer.errors[0]}")

    def open(self, page: str, kind: str, dataset: str, **link: str) -> None:
        """Follow a link."""
        self.session.visit.open(page, urlencode({"dataset": dataset, "preset": "all", **link}), history=True)
        self.run(kind)

    def expect(self, kind: str, true: bool, said: str) -> None:
        """Note what an answer says otherwise than it should."""
        if not true:
            self.me.wrong.append(f"{kind}: {said}")

    # --- What a visitor does ------------------------------------------------------------------------------------------

    def page(self) -> None:
        """A page of the menu, of the private or the shared dataset, filtered or not, by a segment or not."""
        dataset, link = self.rng.choice((PRIVATE, PRIVATE, SHARED)), {}
        kept = self.me.rows
        if self.rng.random() < 0.6:
            link["country"] = self.rng.choice(COUNTRIES)
            kept = kept.filter(pl.col("Country") == link["country"])
        if self.rng.random() < 0.2:
            link["segment"] = SEGMENT
        page = self.rng.choice(PAGES)
        self.open(page, "page", dataset, **link)
        if dataset == PRIVATE and page == "sales_performance" and "segment" not in link:
            total = formats.text(money(kept["Revenue"]), "money", "USD", compact=False)[1:]
            tile = self.session.visit.answer.metrics.get("Revenue")
            said = tile.help[-60:] if tile else "no tile"
            self.expect("page", tile is not None and total in said, f"revenue is not {total}: {said} of {link}")

    def search(self) -> None:
        """Customers found by words that both visitors' names hold."""
        self.open("customer", "page", PRIVATE)
        words = self.rng.choice(("name", "name 1", "c3", self.other.mark))
        self.session.set("Find a customer", words)
        self.run("search", typed=words == self.other.mark)
        mine = self.me.rows.unique("Customer ID").filter(
            pl.all_horizontal(
                pl.concat_str("Customer ID", "Customer name", separator=" ").str.to_lowercase().str.contains(word)
                for word in words.split()
            )
        )
        if words == self.other.mark:
            self.expect("search", not self.frames("customer_id"), "found a stranger")
            self.expect("search", "No customer" in "".join(self.session.visit.answer.texts), "says otherwise")
        else:
            found = self.frames("customer_id")
            self.expect("search", len(found) == min(20, mine.height), f"{len(found)} found of {mine.height}")
            self.expect("search", found <= set(self.me.rows["Customer ID"]), "not mine")
        self.session.set("Find a customer", "")

    def customer(self) -> None:
        """A customer's own page, by a link; the other's customers are not there."""
        self.open("customer", "page", PRIVATE, customer=f"{self.me.mark}c{self.rng.randrange(37)}")
        answer = self.session.visit.answer
        self.expect("page", "Net revenue" in answer.metrics, f"no such customer: {answer.alerts}")
        self.download("Download all")

    def lists(self) -> None:
        """Lists of customers, made whole for their files and tables."""
        page = self.rng.choice(("segments", "retention", "value"))
        self.open(page, "page", self.rng.choice((PRIVATE, SHARED)))
        self.download("Download all")
        tables = [name for name in self.session.widgets if "table_" in name]
        if tables:
            name = self.rng.choice(tables)
            try:
                self.session.set(name, True)
            except KeyError:
                return
            self.run("list")
            self.session.set(name, False)

    def export(self) -> None:
        """The order lines of a view, by the address that the server gives."""
        self.open("sales_performance", "page", PRIVATE)
        name = next(name for name in self.session.widgets if name.endswith("-export"))
        self.session.set(name, True)
        self.run("page")
        content = self.download("Download 400 lines")
        if content:
            found, mine = money(pl.read_csv(content)["revenue"]), money(self.me.rows["Revenue"])
            self.expect("file", abs(found - mine) < 0.005, f"the file adds up to {found}, not {mine}")
        self.session.set(name, False)

    def segment(self) -> None:
        """A segment saved under the name that the other uses too; the list shows one's own rule."""
        product = self.rng.choice(self.me.rows["Product"].unique().sort().to_list())
        self.open("segments", "page", PRIVATE, product=product)
        self.session.set("Name", SEGMENT)
        self.session.visit.press("Save segment")
        self.run("segment")
        answer = self.session.visit.answer
        if "Replace it with mine" in answer.buttons:
            self.session.visit.press("Replace it with mine")
            self.run("segment")
        rules = [text for text in self.session.visit.answer.texts if text.startswith(f"**{SEGMENT}**")]
        self.expect("segment", len(rules) == 1 and self.me.mark in rules[0], f"rules {rules}")
        self.open(self.rng.choice(PAGES), "segment", PRIVATE, segment=SEGMENT)

    def targets(self) -> None:
        """Targets typed into the shared dataset, which this server keeps for the visit only."""
        self.open("outlook", "page", SHARED)
        months = [name for name in self.session.widgets if name[-4:].isdigit() and name.split(" ")[0] == "January"]
        if not months:
            return
        amount = float(1_000 + int(self.me.mark[1:], 16) % 1_000 + self.rng.randrange(9) / 10)
        self.session.set(months[0], amount)
        self.session.visit.press("Save targets")
        self.run("targets")
        self.open("outlook", "targets", SHARED)
        shown = self.session.widgets[months[0]]
        self.expect("targets", shown.default in (amount, 0.0) or shown.value == amount, f"{shown.default} not {amount}")

    def address(self) -> None:
        """A file that was made for the other, by its name: the server does not give it to somebody else's session."""
        names = list(self.other.files)
        if not names:
            return
        given = self.session.address(self.rng.choice(names))
        self.look("address", self.session.fetch(given) if given else b"")
        self.expect("address", not given, f"the server gave {given}")

    # --- What an answer holds -----------------------------------------------------------------------------------------

    def download(self, label: str) -> bytes:
        """One of the files offered whose button begins so, looked through."""
        offered = [one for name, one in self.session.visit.answer.downloads.items() if name.startswith(label)]
        if not offered:
            return b""
        content = self.session.download(self.rng.choice(offered))
        self.look("file", content)
        self.expect("file", bool(content), f"no file behind {label}")
        return content

    def frames(self, column: str) -> set[str]:
        """What the tables of the last answer hold in a column."""
        found: set[str] = set()
        for frame in self.session.visit.answer.frames:
            table = pa.ipc.open_stream(io.BytesIO(frame.arrow_data.data)).read_all()
            if column in table.column_names:
                found |= set(table[column].to_pylist())
        return found
