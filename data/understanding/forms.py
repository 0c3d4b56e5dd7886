"""The ways to write a discount: as money, as a share, as a percentage, or off each unit. One row or branch for each."""

from __future__ import annotations

import numpy as np

from data.understanding.relations import Numbers

_MOST_PERCENT = 100.0


def off_of(gross: Numbers, written: Numbers, units: Numbers | None, form: str) -> Numbers:
    """The discount in money of lines whose money before it is `gross`."""
    if form == "amount":
        return written
    if form == "per_unit":
        return written * (units if units is not None else 1.0)
    share = written if form == "rate" else written / 100.0
    return np.asarray(np.round(gross * share + np.sign(gross) * 1e-9, 4))


def undone(net: Numbers, written: Numbers, units: Numbers | None, form: str) -> Numbers:
    """The money before the discount of lines whose money after it is `net`."""
    if form == "amount":
        return net + written
    if form == "per_unit":
        return net + written * (units if units is not None else 1.0)
    share = written if form == "rate" else written / 100.0
    return np.asarray(net / np.where(share >= 1, np.nan, 1 - share))


def forms(gross: Numbers, written: Numbers, units: Numbers | None, *, percent: bool, signed: bool) -> list[str]:
    """The forms that numbers can have: a share is at most 1 and bears no currency (`signed`), no discount is more than
    the money."""
    known = written[np.isfinite(written)]
    span = float(np.max(np.abs(known))) if known.size else 0.0
    if percent:
        return ["rate", "percent"] if span <= 1 else ["percent"]
    result = []
    tell = np.isfinite(gross) & (np.abs(gross) > 0.02) & (written != 0)
    if not tell.any() or np.mean(np.abs(written[tell]) > np.abs(gross[tell]) + 0.01) < 0.02:
        result.append("amount")
    if span <= 1 and not signed:
        result.append("rate")
    elif span <= _MOST_PERCENT and not signed:
        result.append("percent")
    if units is not None and tell.any() and np.mean(np.abs(written * units)[tell] > np.abs(gross[tell]) + 0.01) < 0.02:
        result.append("per_unit")
    return result


def form_priors(gross: Numbers, written: Numbers, *, percent: bool, coins: bool) -> dict[str, float]:
    """How likely each form is by the look of the numbers, where no equation tells."""
    some = np.isfinite(gross) & (written > 0)
    values, money = written[some], gross[some]
    if percent or not values.size:
        small = bool(values.size) and float(values.max()) <= 1
        return {"percent": 0.2 if small else 1.0, "rate": 1.0 if small else 0.0, "amount": 0.5, "per_unit": 0.1}
    span, kinds = float(values.max()), len(np.unique(values))
    reused = values.size >= 5 and kinds <= max(0.34 * values.size, 1) and len(np.unique(money)) > kinds
    scaled = values * (100.0 if span <= 1 else 1.0)
    whole = float(np.mean(np.abs(scaled - np.round(scaled)) < 1e-6))
    fives = float(np.mean(np.abs(scaled / 5 - np.round(scaled / 5)) < 1e-6))
    of_base = np.abs(values / money * 100 - np.round(values / money * 100)) < 0.06
    if span <= 1:
        # Cents off are rare; a share that comes back on lines of different money is one.
        stepped = fives > 0.9 or (whole > 0.99 and not coins)
        rate = 1.0 if stepped and (reused or kinds == 1 or not coins) else 0.6 if stepped else 0.0
        other = -0.3 if rate == 1.0 else 0.6
        return {"rate": rate, "amount": other, "per_unit": min(other, 0.0), "percent": 0.0}
    if span > _MOST_PERCENT or coins or whole < 0.9:
        return {"amount": 1.0, "per_unit": -0.2 if coins else 0.1, "percent": -0.4 if coins else 0.3, "rate": 0.0}
    look = 1.0 if reused and float(np.mean(of_base)) < 0.5 else 0.5
    return {"amount": 0.8, "percent": look, "per_unit": 0.1, "rate": 0.0}
