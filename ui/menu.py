"""The pages: one row each, in the order of the menu. Whatever names a page takes its words from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Page:
    """One page."""

    name: str
    """Of its script, and its address."""
    title: str
    icon: str
    help: str
    of_view: bool = True
    """Whether the page shows the dataset by the sidebar's filters."""
    hidden: bool = False
    """Whether the menu leaves the page out: it is reached from the others."""
    turned: tuple[str, ...] = ("metric", "grain")
    """The switches above the page that change it."""
    whole: bool = False
    """Whether the page looks at every order: the period, the filters and their export say nothing of it."""
    section: str = ""
    """Heading of the menu that the page stands under, empty where it stands by itself."""
    own: tuple[str, ...] = ()
    """What only this page reads from the link."""

    @property
    def script(self) -> str:
        """The page's file, as Streamlit's links take it."""
        return f"pages/{self.name}.py"


PAGES: Final = (
    Page(
        "sales_performance",
        "Sales performance",
        ":material/monitoring:",
        "Revenue, profit and orders over time, by place and by product, against the period you choose.",
    ),
    Page(
        "customer_insights",
        "Customer insights",
        ":material/groups:",
        "Who buys: new and returning customers, the best of them, where they are and what they buy.",
    ),
    Page(
        "segments",
        "Segments",
        ":material/grid_view:",
        "Who buys how recently, how often and for how much, who moved, and what to do about it.",
        turned=(),
        section="Customers",
    ),
    Page(
        "retention",
        "Retention",
        ":material/autorenew:",
        "Who comes back, how soon, and what became of last period's customers.",
        turned=("grain",),
        section="Customers",
    ),
    Page(
        "value",
        "Value",
        ":material/savings:",
        "What customers are expected to bring, who is overdue, and how far to trust it.",
        turned=(),
        section="Customers",
    ),
    Page(
        "customer",
        "Customer",
        ":material/person:",
        "One customer's whole history.",
        hidden=True,
        turned=(),
        whole=True,
        section="Customers",
        own=("customer",),
    ),
    Page(
        "drivers",
        "Drivers",
        ":material/troubleshoot:",
        "Why revenue moved: price, volume, mix, and the members of every dimension that made the change.",
        turned=("metric",),
        section="Growth",
    ),
    Page(
        "products_and_pricing",
        "Products and pricing",
        ":material/sell:",
        "What to sell, what goes together, how units answer to price, and what comes back.",
        turned=(),
        section="Growth",
    ),
    Page(
        "markets",
        "Markets",
        ":material/public:",
        "Countries, regions or customer groups against their peers, and where they buy less than those do.",
        turned=(),
        section="Growth",
    ),
    Page(
        "outlook",
        "Outlook",
        ":material/query_stats:",
        "What the next periods bring and how sure that is, the pace towards targets, and unusual days.",
        section="Growth",
    ),
    Page(
        "data",
        "Data",
        ":material/database_upload:",
        "Bring your own sales: drop files, see what was understood and set aside, and open the dashboards.",
        of_view=False,
    ),
)
"""The pages in the order of the menu; the first is also the root's."""

BY_NAME: Final = {entry.name: entry for entry in PAGES}
