"""The report of an import: where every row went, and what it is worth."""

from __future__ import annotations

from analytics.dataset import NOT_RECORDED
from data.building import units
from data.building.layout import Prepared
from data.terms.texts import money


def report(prepared: Prepared) -> str:
    """Rows in = rows kept + rows turned into returns + rows set aside by rule, each with its money, and the totals."""
    counts = prepared.reconciliation
    aside = sum(item.money for item in counts.set_aside)
    rows = [("rows in", counts.rows_read, counts.revenue + counts.returns_money + aside, "")]
    rows.append(("= kept as sales lines", counts.lines_kept, counts.revenue, ""))
    rows.append(("+ turned into returns", counts.returns_kept, counts.returns_money, ""))
    rows += [(f"+ set aside: {item.rule}", item.rows, item.money, item.reason) for item in counts.set_aside]
    if not counts.set_aside:
        rows.append(("+ set aside", 0, 0, ""))
    label_width = max(len(label) for label, *_ in rows)
    lines = [f"{prepared.title}: order lines ({prepared.currency})"]
    for label, number, amount, reason in rows:
        lines.append(f"  {label:<{label_width}}  {number:>12,}  {money(amount):>18}  {reason}".rstrip())
    lines += ["", "Totals", *(f"  {label:<{label_width}}  {value:>12}" for label, value in _totals(prepared))]
    lines += ["", "Files", *(f"  {source.file} ({source.role}): {source.rows:,} rows" for source in prepared.sources)]
    if counts.notes:
        lines += ["", "Decided on the way", *(f"  {note}" for note in counts.notes)]
    if counts.doubts:
        lines += ["", "Kept, but look at it", *(f"  {doubt}" for doubt in counts.doubts)]
    return "\n".join(lines)


def _totals(prepared: Prepared) -> list[tuple[str, str]]:
    lines = prepared.lines
    first, last = prepared.days
    revenue = int(lines["revenue"].sum())
    totals = [("days", f"{first} to {last}"), ("revenue", money(revenue))]
    if "cost" in lines.columns:
        totals.append(("profit", money(revenue - int(lines["cost"].sum()))))
    totals += [
        ("orders", f"{prepared.orders.height:,}"),
        ("customers who bought", f"{prepared.customers['first_on'].count():,}"),
        ("products", f"{(prepared.products['product'].cast(str) != NOT_RECORDED).sum():,}"),
        ("units", units.text(int(lines["quantity"].cast(int).sum()), prepared.unit_scale)),
    ]
    if prepared.returns is not None:
        back = units.text(int(prepared.returns["quantity"].cast(int).sum()), prepared.unit_scale)
        value = f"{back} units worth {money(int(prepared.returns['amount'].sum()))}"
        totals.append(("returns", value if prepared.returns_valued == "amount" else f"{value} (at list price)"))
    return totals
