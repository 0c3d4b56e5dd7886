"""Files of every kind, made at random: right, or a question with the truth among its answers."""

from __future__ import annotations

import pytest

from tests.data.made.__main__ import Counts, verdicts
from tests.data.made.base import KINDS, Files, Truth
from tests.data.made.draw import drawn, made
from tests.data.made.judging import Verdict, judged


def test_plain_and_hard_files_are_right_or_asked() -> None:
    counts = Counts()
    for verdict in verdicts([*drawn(25, 0, "plain"), *drawn(25, 0, "hard")]):
        counts.add(verdict)
        assert verdict.outcome in ("right", "asked"), f"{verdict.made.name}: {verdict.outcome}: {verdict.why}"
    assert counts.faults() == []
    assert counts.of("")["proven"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_file_of_each_kind(name: str) -> None:
    (verdict,) = judged([made("kind", 20, name)])
    wanted = ("right",) if verdict.made.truth.proven else ("right", "asked")
    assert verdict.outcome in wanted, verdict.why


def _files(truth: Truth, body: str, kind: str = "plain") -> Files:
    return Files(truth, {"sales.csv": body.encode()}, kind, kind)


ROWS = "Order,Date,Customer,Product,Quantity,Unit Price,Amount\n" + "".join(
    f"A{n},2024-03-{n + 12},Eva,Mug {n % 2},{n % 3 + 1},{n % 2 + 2}.50,{(n % 3 + 1) * (n % 2 + 2.5):.2f}\n"
    for n in range(1, 9)
)


def test_a_wrong_truth_is_seen() -> None:
    revenue = sum((n % 3 + 1) * (n % 2 + 2.5) for n in range(1, 9))
    right, wrong = judged([_files(Truth(revenue), ROWS), _files(Truth(revenue + 1), ROWS)])
    assert (right.outcome, wrong.outcome) == ("right", "wrong")
    (units,) = judged([_files(Truth(revenue, units=1), ROWS)])
    assert (units.outcome, units.why) == ("wrong", "units 17.0 for 1")


def test_a_question_without_the_truth_is_lost() -> None:
    body = "No,Date,Customer,Product,f1,f2\n" + "".join(
        f"{n},2025-01-{n + 12},Eva,Item {n},{n % 3 + 1},{7 * n + 3}.25\n" for n in range(1, 9)
    )
    money = sum(7 * n + 3.25 for n in range(1, 9))
    asked, lost = judged([_files(Truth(money), body), _files(Truth(money + 5), body)])
    assert (asked.outcome, lost.outcome) == ("asked", "lost")


def test_the_counts_say_what_is_not_as_it_must_be() -> None:
    counts = Counts()
    for outcome, kind, number in (("right", "plain price", 8), ("wrong", "plain price", 1), ("wrong", "hard all", 1)):
        for _ in range(number):
            counts.add(Verdict(Files(Truth(1.0), {}, kind), outcome))
    assert counts.faults() == [
        "1 plain files are wrong", "1 hard files are wrong", "only 8 of 10 that prove their reading are right"
    ]  # fmt: skip
    assert [line.split()[0] for line in list(counts.table())[-2:]] == ["hard", "all"]
