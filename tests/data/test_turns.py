"""Only so many long steps run at a time, first come, first served, and small ones pass large ones."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from data import process, tasks
from data.tasks import Step
from data.turns import LARGE, Turns

SMALL = 1000


def test_first_come_first_served() -> None:
    turns = Turns(2)
    first, second, third, fourth = (turns.join(name, SMALL) for name in "abcd")
    assert [turn.wait(0) for turn in (first, second, third, fourth)] == [True, True, False, False]
    second.leave()
    assert [turn.wait(0) for turn in (third, fourth)] == [True, False]
    # Who gives up while waiting, or twice, takes nobody's place.
    fifth = turns.join("e", SMALL)
    fourth.leave()
    fourth.leave()
    second.leave()
    first.leave()
    assert fifth.wait(0)
    assert not turns.join("f", SMALL).wait(0)


def test_one_visitor_runs_one_at_a_time() -> None:
    turns = Turns(2)
    first, again, other = turns.join("a", SMALL), turns.join("a", SMALL), turns.join("b", SMALL)
    assert [turn.wait(0) for turn in (first, again, other)] == [True, False, True]
    first.leave()
    assert again.wait(0)


def test_large_ones_leave_a_place_and_are_not_passed_for_ever() -> None:
    turns = Turns(2)
    large, waiting = turns.join("a", LARGE), turns.join("b", LARGE)
    small = turns.join("c", SMALL)
    assert [turn.wait(0) for turn in (large, waiting, small)] == [True, False, True]
    later = turns.join("d", SMALL)
    large.leave()
    # The large one came before the small one.
    assert [turn.wait(0) for turn in (waiting, later)] == [True, False]
    small.leave()
    assert later.wait(0)


def test_what_is_waited_for_is_said() -> None:
    turns = Turns(2)
    first = turns.join("a", SMALL)
    turns.join("b", SMALL)
    third, fourth = turns.join("c", SMALL), turns.join("d", SMALL)
    assert third.describe() == "Waiting for a turn: 2 other imports are under way"
    assert fourth.describe() == "Waiting for a turn: 2 other imports are under way, 1 more before this one"
    first.leave()
    assert fourth.describe() == "Waiting for a turn: 2 other imports are under way"


@pytest.mark.parametrize("places", [2, 3])
def test_many_threads_never_exceed_the_places(places: int) -> None:
    turns, lock, inside, most = Turns(places), threading.Lock(), [], [0, 0, 0]
    draw = random.Random(1)
    plan = [(f"owner {draw.randrange(8)}", draw.choice([SMALL, LARGE]), draw.random() / 200) for _ in range(120)]

    def work(owner: str, size: int, seconds: float) -> None:
        turn = turns.join(owner, size)
        while not turn.wait(0.5):
            pass
        with lock:
            inside.append((owner, size))
            owners = [one for one, _ in inside]
            now = (len(inside), sum(size == LARGE for _, size in inside), max(map(owners.count, owners)))
            most[:] = map(max, most, now)
        time.sleep(seconds)
        with lock:
            inside.remove((owner, size))
        turn.leave()

    threads = [threading.Thread(target=work, args=one) for one in plan]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert inside == []
    assert most == [places, places - 1, 1]


# --- The reading processes of a server --------------------------------------------------------------------------------


def understand(path: Path, folder: Path, owner: str, size: int) -> tuple[dict[str, Any], list[str]]:
    """Read a file as the Data page does; its answer, and what was said meanwhile."""
    request = {"files": [{"name": path.name, "path": str(path), "options": {}}], "folder": str(folder / owner)}
    steps, said = tasks.run("understand", request, tick=0.05, owner=owner, size=size), []
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value, said
        if isinstance(step, Step):
            said.append(step.message)


def test_six_visitors_read_two_files_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("Order,Date,Amount\n" + "".join(f"{n},2024-01-{n % 28 + 1:02},{n}.50\n" for n in range(500)))
    begun, lock, now, most = process.subprocess.Popen, threading.Lock(), [0], [0]

    class Counted(begun):  # type: ignore[misc, valid-type]
        """A process that is counted while it runs."""

        def __init__(self, *given: Any, **named: Any) -> None:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            super().__init__(*given, **named)

        def wait(self, timeout: float | None = None) -> int:
            code: int = super().wait(timeout)
            if not getattr(self, "counted", False):
                self.counted = True
                with lock:
                    now[0] -= 1
            return code

    monkeypatch.setattr(process.subprocess, "Popen", Counted)
    answers: list[tuple[dict[str, Any], list[str]]] = []
    threads = [
        threading.Thread(target=lambda owner=owner: answers.append(understand(path, tmp_path, owner, SMALL)))
        for owner in "abcdef"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert [answer["tables"][0]["rows"] for answer, _ in answers] == [500] * 6
    assert (most[0], now[0]) == (2, 0)
    waited = [said for _, said in answers if said and said[0].startswith("Waiting for a turn: ")]
    assert len(waited) == 4


def test_a_small_file_passes_a_large_one_and_giving_up_makes_room(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("Order,Date,Amount\n1,2024-01-01,1.50\n")
    request = {"files": [{"name": "f", "path": str(path), "options": {}}], "folder": str(tmp_path / "large")}
    large = tasks.run("understand", request, owner="large", size=LARGE)
    next(large)  # its process has begun
    waiting = tasks.run("understand", request, tick=0.05, owner="another", size=LARGE)
    step = next(waiting)
    assert step == Step(0.0, "Waiting for a turn: 1 other import is under way")
    answer, said = understand(path, tmp_path, "small", SMALL)
    assert answer["tables"][0]["rows"] == 1
    assert not any(one.startswith("Waiting") for one in said)
    assert next(waiting) == step
    large.close()
    assert next(waiting) != step
    waiting.close()
