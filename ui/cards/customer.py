"""Cards of the page about one customer, and the search that finds them."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import customer as charts
from analytics.dataset import MONEY_SCALE, PRODUCT_LEVELS, Dataset
from analytics.dates import day_text
from analytics.formats import count_of
from analytics.grains import label
from analytics.sentences import customer as customer_sentences
from analytics.tables import customer as tables
from analytics.tables.customer import Facts
from analytics.tables.value import prediction as value_prediction
from analytics.tables.value.history import LEAST_GAPS, OVERDUE_TIMES
from ui import customer_parts, parts
from ui.card import Absent, Card, Chart
from ui.cards import fitting as fitting_cards
from ui.content import customer as content
from ui.content import value as value_content
from ui.customer_parts import Figure
from ui.headings import ColumnConfig, Heading
from ui.queries import VersionKey

MOST_LINES: Final = 500
MOST_BARS: Final = 12


def facts(source: VersionKey, data: Dataset, customer: int) -> Facts | None:
    """What is known of the customer up to the data's last day."""
    return tables.facts(content.customer_purchases(source, customer, data.last_day), data.last_day)


def figures(data: Dataset, known: Facts) -> None:
    """The customer in numbers."""
    currency = data.currency
    net = (known.revenue - known.returned) / MONEY_SCALE
    returned = formats.text(known.returned / MONEY_SCALE, "money", currency)
    gap = "–" if known.gap is None else count_of(known.gap, "day")
    overdue = known.gap is not None and known.days > LEAST_GAPS and known.since > OVERDUE_TIMES * max(known.gap, 1)
    customer_parts.figures(
        [
            Figure(
                "Net revenue",
                formats.text(net, "money", currency),
                "Revenue less the money of returns that name the customer.",
                f"{returned} returned" if known.returned else "nothing returned",
            ),
            Figure(
                "Orders",
                formats.text(known.orders, "count"),
                "Distinct orders.",
                f"{formats.text(known.revenue / MONEY_SCALE / known.orders, 'money', currency)} each",
            ),
            Figure(
                "Last order",
                day_text(known.last_on),
                "Days are counted to the last day of the data.",
                f"{count_of(known.since, 'day')} ago; first {day_text(known.first_on)}",
            ),
            Figure(
                "Usual gap",
                gap,
                f"Mean days between purchase days. Overdue: away for more than {OVERDUE_TIMES:g} times that, with "
                f"{LEAST_GAPS + 1} purchase days or more.",
                "overdue" if overdue else "within the usual" if known.gap is not None else "one purchase day",
            ),
        ]
    )


def over_time(source: VersionKey, data: Dataset, customer: int) -> Card:
    """Orders per month, or per quarter where there are many."""
    customer_lines = content.customer_lines(source, customer)
    days = (data.last_day - customer_lines["day"].min()).days  # type: ignore[operator, union-attr]
    grain, every = ("quarter", "1q") if days > 1200 else ("month", "1mo")
    table = tables.orders_over_time(customer_lines, every, data.last_day)
    rows = table.select(
        "start",
        pl.Series("label", [label(day, grain, data.calendar) for day in table["start"]], pl.String),
        pl.col("revenue").alias("value"),
        "orders",
        pl.Series("text", [formats.text(v, "money", data.currency) for v in table["revenue"]], pl.String),
        pl.Series("orders_text", [formats.text(v, "count") for v in table["orders"]], pl.String),
    )
    titles = (("label", "Period"), ("text", "Revenue"), ("orders_text", "Orders"))
    spec = charts.over_time(formats.axis_label("money", data.currency), titles)
    return Card(
        f"Revenue by {grain}",
        name="customer_orders",
        table=lambda: rows.select("label", "orders", "value"),
        takeaway=customer_sentences.over_time(table, grain, data.calendar, data.currency),
        note="As invoiced, before returns",
        columns={"value": ColumnConfig("Revenue", "money")},
        body=[Chart(spec, rows, alt="Revenue of the customer over time")],
    )


def spent_on(source: VersionKey, data: Dataset, customer: int) -> Card:
    """What the customer buys."""
    bought = content.customer_lines(source, customer)
    level = next((name for name in PRODUCT_LEVELS if data.has(name)), "product")
    table = tables.spent_on(bought, level)
    dimension = dimensions.dimension(level, data)
    total = float(table["revenue"].sum())
    rows = table.head(MOST_BARS).select(
        "member",
        pl.col("revenue").alias("value"),
        pl.lit(None, pl.Float64).alias("value_base"),
        pl.lit(True).alias("selected"),
        pl.Series(
            "text", [formats.text(v, "money", data.currency) for v in table.head(MOST_BARS)["revenue"]], pl.String
        ),
        pl.Series(
            "share_text",
            [formats.text(v / total if total else None, "share") for v in table.head(MOST_BARS)["revenue"]],
            pl.String,
        ),
        pl.lit("–").alias("base_text"),
        pl.lit("–").alias("change_text"),
    )
    return Card(
        f"What they buy, by {dimension.label.lower()}",
        name="customer_spent",
        table=table,
        takeaway=customer_sentences.spent_on(table, dimension.plural, data.currency),
        columns={"member": dimension.label},
        body=[Chart(bar_charts.bars(), rows, alt="Revenue of the customer by category")],
    )


def rhythm(source: VersionKey, data: Dataset, customer: int, known: Facts) -> Card | Absent:
    """Days between the customer's purchases, in order."""
    days = content.customer_purchases(source, customer, data.last_day)["day"]
    gaps = days.diff().dt.total_days().drop_nulls()
    if gaps.is_empty():
        return Absent("Rhythm", "One purchase day so far: no rhythm to tell.")
    table = pl.DataFrame({"day": days[1:], "gap": gaps})
    latest = table.tail(40)
    rows = pl.DataFrame(
        {
            "start": latest["day"],
            "label": [day_text(day) for day in latest["day"]],
            "value": latest["gap"],
            "text": [formats.count_of(gap, "day") for gap in latest["gap"]],
        }
    )
    titles = (("label", "Bought on"), ("text", "After the one before"))
    spec = charts.over_time(formats.axis_label("count"), titles)
    return Card(
        "Rhythm: days between purchases",
        name="customer_rhythm",
        table=table,
        takeaway=customer_sentences.rhythm(gaps.to_list(), known.since),
        note="One bar per purchase day: days since the one before" + ("; the latest 40" if table.height > 40 else ""),
        columns={"day": "Purchase day", "gap": ColumnConfig("Days since the one before", "count")},
        body=[Chart(spec, rows, alt="Days between the customer's purchases")],
    )


def scores(source: VersionKey, data: Dataset, customer: int) -> Card:
    """RFM scores at the ends of the latest quarters."""
    days = tables.scored_days(data.first_day, data.last_day)
    values = [(day, tables.facts(content.customer_purchases(source, customer, day), day)) for day in days]
    least = {day: content.thresholds(source, day) for day, known in values if known}
    table = tables.scores(values, least)
    rows = table.unpivot(["r", "f", "m"], index=["day", "group"], variable_name="of", value_name="score").with_columns(
        (pl.col("score") + pl.col("of").replace_strict({"r": 0.08, "f": 0.0, "m": -0.08})).alias("beside"),
        pl.col("of").replace_strict({"r": "Recency", "f": "Frequency", "m": "Money"}).alias("kind"),
        pl.Series("label", [day_text(day) for day in table["day"]] * 3, pl.String),
    )
    return Card(
        "Scores through time",
        name="customer_scores",
        table=table,
        takeaway=customer_sentences.scores(table),
        note="Against all customers at the end of each quarter; 5 is best",
        columns={"day": "As of"},
        body=[Chart(charts.scores(), rows.drop("of"), alt="RFM scores of the customer through time")],
    )


def worth(source: VersionKey, data: Dataset, customer: int) -> None:
    """Value and risk, as on the Value page."""
    where, until = (), data.last_day
    history = value_content.histories(source, where, until).filter(pl.col("customer") == customer)
    if history.is_empty():
        return
    fitted = fitting_cards.fitted(source, where, until).models
    threshold = value_content.lapse_threshold(source, where, until)
    row = history.row(0, named=True)
    tiles = []
    if fitted is not None:
        prediction = value_prediction.intervals(value_prediction.predictions(history, fitted, 365), fitted, 365).row(
            0, named=True
        )
        money = [
            formats.text(prediction[name], "money", data.currency) for name in ("value", "value_low", "value_high")
        ]
        tiles = [
            Figure(
                "Expected in a year",
                money[0],
                "Expected purchase days of the next 365 days x expected net revenue on one; below, the range of 80 % "
                "of simulated futures.",
                f"{money[1]} to {money[2]}",
            ),
            Figure(
                "Still buying",
                formats.text(prediction["alive"], "share"),
                "Probability that the customer has not stopped buying.",
                f"{prediction['orders']:.1f} purchase days expected",
            ),
        ]
    state = "Active"
    if threshold is not None and row["since"] > threshold:
        state = "Lapsed"
    elif row["overdue"]:
        state = "Slipping"
    edge = count_of(threshold, "day") if threshold is not None else "–"
    tiles += [
        Figure(
            "By the gap rule",
            state,
            f"Lapsed: no purchase for more than {edge}; 90 % of all gaps between purchases are no longer. Slipping: "
            f"away for more than {OVERDUE_TIMES:g} times their own usual gap. Active otherwise.",
            f"threshold {edge}",
        ),
        Figure(
            "Last year",
            formats.text(row["recent"] / MONEY_SCALE, "money", data.currency),
            "Net revenue of the last 365 days: what is at risk.",
            "at risk" if state != "Active" else "net revenue",
        ),
    ]
    customer_parts.figures(tiles)


def lines(source: VersionKey, data: Dataset, customer: int) -> None:
    """The customer's order lines."""
    table_lines = content.customer_lines(source, customer).drop("order")
    table = table_lines.select("order_id", pl.exclude("order_id")).reverse()
    columns: dict[str, Heading] = {
        **{name: ColumnConfig(dimensions.dimension(name, data).label) for name in data.members},
        **{name: ColumnConfig(name.capitalize(), "money") for name in ("discount", "cost")},
    }
    with parts.card(
        data,
        "Order lines",
        name="customer_lines",
        table=table,
        takeaway=customer_sentences.order_lines(table.height, MOST_LINES),
        columns=columns,
    ):
        customer_parts.csv(
            lambda: table,
            name="customer lines",
            label=f"Download {'all ' if table.height > 1 else ''}{count_of(table.height, 'line')} as CSV",
            of=(source, customer),
        )
        parts.table(
            data,
            table.head(MOST_LINES),
            columns,
            alt="Order lines of the customer",
            height=400 if table.height > 10 else "content",
        )
