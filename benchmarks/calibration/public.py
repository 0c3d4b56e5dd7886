"""Claims about forecasts on public series that ship with the packages statsmodels and vega_datasets.

Employment by industry, share prices, weather, national accounts, interest rates, firms' investment, harvests, sunspots:
monthly, quarterly and yearly, none of them made for this test and few of them sales. Each is forecast from every end in
its second half that leaves a horizon to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.forecasts import RANGES, ForecastTrial, trial
from benchmarks.calibration.registry import Measurement, claim, measured

Array = NDArray[Any]

STEPS: Final = {12: 12, 4: 4, 1: 2}
"""Periods of a season -> steps ahead, as the app takes them."""

ENDS: Final = 10
"""Ends that a series is forecast from at most, the last ones."""

MOST: Final = 20
"""Seasons of a series that are known at most, or 60 periods without a season: no shop has a longer history."""


@dataclass(frozen=True)
class Series:
    """A public series."""

    name: str
    season: int
    values: Array


@cache
def every() -> tuple[Series, ...]:
    """All series of 17 values and more without a gap."""
    result = [*_of_vega(), *_of_statsmodels()]
    return tuple(one for one in result if one.values.size >= 17 and np.isfinite(one.values).all())


def _of_vega() -> list[Series]:
    import pandas as pd
    from vega_datasets import local_data

    jobs = local_data.us_employment()
    out = [Series(f"jobs {name}", 12, jobs[name].to_numpy(float)) for name in jobs.columns if name != "month"]
    for symbol, shares in local_data.stocks().groupby("symbol"):
        out.append(Series(f"share {symbol}", 12, shares["price"].to_numpy(float)))
    weather = local_data.seattle_weather()
    month = pd.to_datetime(weather["date"]).dt.to_period("M")
    for name in ("precipitation", "temp_max", "temp_min", "wind"):
        out.append(Series(f"Seattle {name}", 12, weather.groupby(month)[name].sum().to_numpy(float)))
    for kind in ("rain", "sun", "fog"):
        out.append(
            Series(f"Seattle days of {kind}", 12, (weather["weather"] == kind).groupby(month).sum().to_numpy(float))
        )
    for source, power in local_data.iowa_electricity().groupby("source"):
        out.append(Series(f"Iowa {source}", 1, power["net_generation"].to_numpy(float)))
    driving, wheat = local_data.driving(), local_data.wheat()
    out += [Series(f"driving {name}", 1, driving[name].to_numpy(float)) for name in ("miles", "gas")]
    return [*out, Series("wheat", 1, wheat["wheat"].to_numpy(float))]


def _of_statsmodels() -> list[Series]:
    from statsmodels import datasets

    def table(name: str) -> Any:
        return getattr(datasets, name).load_pandas().data

    def columns(name: str, season: int, wanted: list[str]) -> list[Series]:
        data = table(name)
        return [Series(f"{name} {column}", season, data[column].to_numpy(float)) for column in wanted]

    macro = [
        "realgdp",
        "realcons",
        "realinv",
        "realgovt",
        "realdpi",
        "cpi",
        "m1",
        "tbilrate",
        "unemp",
        "pop",
        "infl",
        "realint",
    ]
    out = columns("macrodata", 4, macro)
    out += columns("danish_data", 4, ["lrm", "lry", "lpy", "ibo", "ide"])
    out += columns("interest_inflation", 4, ["Dp", "R"])
    out += columns("copper", 1, ["WORLDCONSUMPTION", "COPPERPRICE", "INCOMEINDEX", "ALUMPRICE", "INVENTORYINDEX"])
    out += columns("nile", 1, ["volume"])
    out += columns("sunspots", 1, ["SUNACTIVITY"])
    out.append(Series("elnino", 12, table("elnino").iloc[:, 1:].to_numpy(float).ravel()))
    out.append(Series("co2", 12, table("co2")["co2"].resample("MS").mean().interpolate().to_numpy(float)))
    for firm, years in table("grunfeld").groupby("firm"):
        out += [Series(f"{firm} {name}", 1, years[name].to_numpy(float)) for name in ("invest", "value", "capital")]
    return out


@cache
def tried(count: int) -> list[list[ForecastTrial]]:
    """Forecasts of the first series, from each of their ends."""
    return [_ends(one) for one in every()[:: max(len(every()) // count, 1)][:count]]


def _ends(series: Series) -> list[ForecastTrial]:
    steps, season = STEPS[series.season], series.season
    most = MOST * season if season > 1 else 60
    out = []
    for back in range(ENDS):
        end = series.values.size - steps * (back + 1)
        if end >= max(2 * season + 3, 8, series.values.size // 2):
            out.append(trial(series.values[max(0, end - most) : end], series.values[end : end + steps], season))
    return out


for _level, (_low, _high) in RANGES.items():

    @claim(f"Forecast, public series: {_level:.0%} interval holds", low=_low, high=_high, worlds=len(every()), few=20)
    def held(worlds: int, level: float = _level) -> Measurement:
        """Each series counts once."""
        return measured([float(np.mean([one.held[level] for one in ends])) for ends in tried(worlds)])


@claim(
    "Forecast, public series: error over the better of Theta and seasonal naive", high=1.02, worlds=len(every()), few=20
)
def error(worlds: int) -> Measurement:
    """Each series counts once."""
    means = [
        [float(np.mean([getattr(one, name) for one in ends])) for name in ("error", "theta_error", "naive_error")]
        for ends in tried(worlds)
    ]
    better = min(np.mean([one[1] for one in means]), np.mean([one[2] for one in means]))
    return measured([one[0] / float(better) for one in means])
