"""The calibration's short form: every claim on few worlds, within three standard errors of what it promises.

The full form prints the table of the README: `python -m benchmarks.calibration`.
"""

from __future__ import annotations

import pytest

from benchmarks.calibration import __main__ as command
from benchmarks.calibration import topics
from benchmarks.calibration.registry import CLAIMS, Claim, claim, measured

topics.load()


@pytest.mark.parametrize("name", CLAIMS)
def test_the_app_keeps_what_it_promises(name: str) -> None:
    promise = CLAIMS[name]
    result = promise.measure(promise.few)
    assert promise.holds(result, errors=3.0), (
        f"{result.rate:.3f} (standard error {result.error:.3f}), {promise.promised}"
    )


def test_a_broken_promise_is_found(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Claim("An interval that is too narrow", 0.93, 0.97, 400, 40, lambda worlds: measured([1.0, 0.0] * worlds))
    monkeypatch.setattr(command, "CLAIMS", {broken.name: broken})
    assert not broken.holds(broken.measure(40), errors=3.0)
    assert command.main(["--short"]) == 1
    assert "| An interval that is too narrow | 93–97 % | 50.0% **fails** |  | 80 |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        command.main(["--only", "something else"])
    assert "no claim has 'something else' in its name" in capsys.readouterr().err


def test_few_worlds_that_all_agree_break_no_promise() -> None:
    promise = Claim("An interval", 0.93, 0.97, 400, 40, lambda worlds: measured([1.0] * worlds))
    assert promise.holds(promise.measure(58), errors=3.0)
    assert not promise.holds(promise.measure(400), errors=3.0)


def test_names_are_taken_once() -> None:
    with pytest.raises(ValueError, match="two claims are called"):
        claim(next(iter(CLAIMS)), high=0.05, worlds=1, few=1)(lambda worlds: measured([0.0]))
