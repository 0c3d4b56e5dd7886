"""What the values of a column of states say, and what is asked of those that say nothing."""

from __future__ import annotations

import polars as pl
import pytest

from data.sources import ROW
from data.understanding.states import state_of
from data.understanding.tables import table_of
from data.understanding.types import Choices, Understanding
from data.understanding.understand import understood


def _of(rows: list[str]) -> Understanding:
    """The understanding of a file given as lines of comma-separated cells, the header first."""
    header, *body = (row.split(",") for row in rows)
    frame = pl.DataFrame(body, schema=header, orient="row").with_row_index(ROW, offset=2)
    return understood([table_of("orders.csv", frame.lazy(), len(body))])


HEADER = "Order No,Order Date,{},Customer,Product,Quantity,Amount"
ROWS = [
    "A1,2025-01-13,{0},Eva,Candle,4,20.00",
    "A2,2025-01-14,{1},Leo,Cup,2,18.00",
    "A3,2025-01-15,{0},Leo,Plate,1,9.00",
    "A4,2025-01-16,{0},Mia,Candle,2,10.00",
]


def _with(name: str, usual: str, other: str) -> Understanding:
    return _of([HEADER.format(name), *(row.format(usual, other) for row in ROWS)])


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("Shipped", "sale"), ("ausgeliefert", "sale"), ("Expédiée", "sale"), ("opłacone", "sale"), ("発送済", "sale"),
        ("partially_refunded", "sale"), ("Teilweise erstattet", "sale"), ("Unfulfilled", "sale"),
        ("on-hold", "open"), ("Unpaid", "open"), ("nicht bezahlt", "open"), ("en attente", "open"), ("待ち", "open"),
        ("voided", "no_sale"), ("Storniert", "no_sale"), ("Annulé", "no_sale"), ("iptal edildi", "no_sale"),
        ("Refund", "returns"), ("Återbetalning", "returns"), ("Remboursement", "returns"), ("zwrot", "returns"),
        ("Lunar", ""), ("B2", ""),
    ],
)  # fmt: skip
def test_words_of_states(value: str, state: str) -> None:
    assert state_of(value) == state


@pytest.mark.parametrize("name", ["State", "Province", "Status", "Zustand", "x7"])
def test_cancelled_orders_do_not_count_whatever_the_column_is_called(name: str) -> None:
    found = _with(name, "paid", "voided")
    assert found.totals is not None
    assert (found.totals.revenue, found.totals.orders) == (39.0, 3)
    assert found.content["lines"]["columns"]["status"]["no_sale"] == ["voided"]


def test_states_of_a_country_are_places() -> None:
    found = _with("State", "Texas", "Ohio")
    assert found.totals is not None
    assert found.totals.revenue == 57.0
    assert "status" not in found.content["lines"]["columns"]


def test_a_word_that_is_not_known_is_asked_with_what_each_answer_comes_to() -> None:
    found = _with("Status", "paid", "lunar")
    question = next(question for question in found.questions if question.key == "status:Status:lunar")
    assert question.must
    revenue = {answer.key: answer.totals.revenue for answer in question.answers if answer.totals}
    assert revenue == {"sale": 57.0, "no_sale": 39.0, "returns": 39.0}

    def status(answer: str) -> dict[str, object]:
        recipe = found.recipe(Choices(answers={question.key: answer}))
        return dict(recipe["lines"]["columns"]["status"])

    assert status("sale") == {"column": "Status"}
    assert status("no_sale") == {"column": "Status", "no_sale": ["lunar"]}
    assert status("returns") == {"column": "Status", "returns": ["lunar"]}


def test_answers_to_several_words_add_up() -> None:
    rows = [row.format("paid", "voided") for row in ROWS]
    rows[2], rows[3] = rows[2].replace("paid", "lunar"), rows[3].replace("paid", "on hold")
    found = _of([HEADER.format("Status"), *rows])
    answers = {"status:Status:lunar": "no_sale", "status:Status:on hold": "no_sale"}
    recipe = found.recipe(Choices(answers=answers))
    assert sorted(recipe["lines"]["columns"]["status"]["no_sale"]) == ["lunar", "on hold", "voided"]
    assert {question.key for question in found.open({})} == set(answers)


def test_kinds_of_something_else_are_not_asked() -> None:
    found = _with("Order Type", "online", "phone")
    assert not found.open({})
    assert found.totals is not None
    assert found.totals.revenue == 57.0


def test_an_order_that_was_refunded_is_asked_and_a_row_of_a_refund_is_not() -> None:
    state = _with("Status", "paid", "refunded")
    assert [question.key for question in state.open({})] == ["status:Status:refunded"]
    assert state.open({})[0].default == "no_sale"
    rows = [*(row.format("paid", "paid") for row in ROWS), "A2,2025-01-20,refunded,Leo,Cup,2,18.00"]
    row = _of([HEADER.format("Status"), *rows])
    assert not row.open({})
    assert row.content["lines"]["columns"]["status"]["returns"] == ["refunded"]
