"""BG/NBD and Gamma-Gamma against the published CDNOW figures, and what must not change a fit."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from analytics.models.lifetime import Buying, alive, expected, fit_buying, fit_spending
from analytics.models.likelihood import FitError

CDNOW = Path(__file__).resolve().parents[4] / "shared" / "data" / "cdnow.zip"


@pytest.fixture(scope="module")
def cdnow() -> pl.DataFrame:
    """The 1/10 sample in its 39 weeks of calibration: x, t_x, T (weeks), zbar."""
    if not CDNOW.is_file():
        pytest.skip("the CDNOW sample is not here")
    with zipfile.ZipFile(CDNOW) as archive:
        return pl.read_csv(io.BytesIO(archive.read("cdnow_customers_summary_with_transactions.csv")))


@pytest.fixture(scope="module")
def buying(cdnow: pl.DataFrame) -> Buying:
    return fit_buying(cdnow["x"], cdnow["t_x"], cdnow["T"])


def test_the_published_buying_model(buying: Buying) -> None:
    assert buying.customers == 2357
    assert buying.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert buying.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_the_published_expectation(buying: Buying) -> None:
    assert buying.expected(39, [2], [30.43], [38.86])[0] == pytest.approx(1.226, abs=5e-4)


def test_the_published_spending_model(cdnow: pl.DataFrame) -> None:
    repeat = cdnow.filter(pl.col("x") > 0)
    found = fit_spending(repeat["x"], repeat["zbar"])
    assert found.customers == 946
    assert [found.p, found.q, found.gamma] == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    assert found.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert found.population_mean == pytest.approx(35.17, abs=0.01)
    assert found.expected([0], [0.0])[0] == pytest.approx(found.population_mean)


def test_the_sample_s_own_transactions_give_the_published_fit() -> None:
    """From the raw transactions: days with a purchase, counted in weeks, up to 30 September 1997."""
    if not CDNOW.is_file():
        pytest.skip("the CDNOW sample is not here")
    with zipfile.ZipFile(CDNOW) as archive:
        rows = [line.split() for line in archive.read("CDNOW_sample.txt").decode().splitlines() if line.strip()]
    sold = pl.DataFrame({"customer": [row[1] for row in rows], "day": [row[2] for row in rows]})
    days = sold.with_columns(pl.col("day").str.to_date("%Y%m%d")).unique()
    kept = days.filter(pl.col("day") <= pl.date(1997, 9, 30))
    people = kept.group_by("customer").agg(
        pl.len().cast(pl.Int64) - 1, pl.col("day").min().alias("first"), pl.col("day").max().alias("last")
    )
    t_x = (people["last"] - people["first"]).dt.total_days() / 7
    ends = (date(1997, 9, 30) - people["first"]).dt.total_days() / 7
    found = fit_buying(people["len"], t_x, ends)
    assert found.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-3)


def test_order_of_customers_changes_nothing(cdnow: pl.DataFrame, buying: Buying) -> None:
    mixed = cdnow.sample(fraction=1.0, shuffle=True, seed=5)
    found = fit_buying(mixed["x"], mixed["t_x"], mixed["T"])
    assert found.parameters.tolist() == buying.parameters.tolist()
    assert found.log_likelihood == buying.log_likelihood


@pytest.mark.parametrize("times", [7.0, 1 / 52])
def test_time_units_scale_alpha_alone(cdnow: pl.DataFrame, buying: Buying, times: float) -> None:
    found = fit_buying(cdnow["x"], cdnow["t_x"] * times, cdnow["T"] * times)
    assert [found.r, found.a, found.b] == pytest.approx([buying.r, buying.a, buying.b], rel=1e-6)
    assert found.alpha == pytest.approx(buying.alpha * times, rel=1e-6)
    # each purchase is a density in time
    assert found.log_likelihood == pytest.approx(buying.log_likelihood - int(cdnow["x"].sum()) * np.log(times))


def test_equal_customers_count_as_often_as_they_are(cdnow: pl.DataFrame, buying: Buying) -> None:
    twice = pl.concat([cdnow, cdnow])
    found = fit_buying(twice["x"], twice["t_x"], twice["T"])
    assert found.parameters == pytest.approx(buying.parameters, rel=1e-6)
    assert found.log_likelihood == pytest.approx(2 * buying.log_likelihood)
    assert found.covariance == pytest.approx(buying.covariance / 2, rel=1e-3)


def simulated(
    customers: int, parameters: tuple[float, float, float, float], days: float, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """x, t_x, T up to `days`, and purchases in as many days after, by the model's own story, one customer at a time."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    out = []
    for _ in range(customers):
        observed = rng.uniform(0, days)
        rate, stop = rng.gamma(r, 1 / alpha), rng.beta(a, b)
        times, now = [], 0.0
        while True:
            now += rng.exponential(1 / rate)
            if now > observed + days:
                break
            times.append(now)
            if rng.random() < stop:
                break
        seen = [time for time in times if time <= observed]
        out.append((len(seen), seen[-1] if seen else 0.0, observed, len(times) - len(seen)))
    x, t_x, observed_all, later = (np.array(column, np.float64) for column in zip(*out, strict=True))
    return x, t_x, observed_all, later


def test_a_known_model_is_found_again_and_tells_the_future() -> None:
    truth = (0.8, 40.0, 0.9, 3.0)
    x, t_x, observed, later = simulated(6000, truth, 400.0, 11)
    found = fit_buying(x, t_x, observed)
    errors = np.sqrt(np.diag(found.covariance))
    assert (np.abs(np.log(found.parameters) - np.log(truth)) < 4 * errors).all()
    said = expected(truth, 400.0, x, t_x, observed)
    for told in (x >= 0, x == 0, x == 1, x >= 2):
        error = (later - said)[told].std() / np.sqrt(told.sum())
        assert abs(said[told].mean() - later[told].mean()) < 4 * error
    assert found.expected(400.0, x, t_x, observed).sum() == pytest.approx(later.sum(), rel=0.1)


def test_nobody_who_stops_is_refused_and_says_so() -> None:
    rng = np.random.default_rng(3)
    observed = rng.uniform(50, 400, 3000)
    x = rng.poisson(rng.gamma(2.0, 1 / 60, 3000) * observed)
    last = np.where(x > 0, observed * rng.beta(np.maximum(x, 1), 1), 0.0)
    with pytest.raises(FitError, match="nobody ever stops"):
        fit_buying(x, last, observed)


def test_no_repeat_buyer_is_refused() -> None:
    with pytest.raises(FitError, match="second day"):
        fit_buying([0, 0], [0.0, 0.0], [3.0, 9.0])
    with pytest.raises(FitError, match="repeat purchases"):
        fit_spending([], [])


def test_equal_spending_is_refused() -> None:
    with pytest.raises(FitError):
        fit_spending([2] * 500, [10.0] * 500)


def test_alive_is_hand_worked() -> None:
    # 1 / (1 + a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x)), x = 2: 1 / (1 + 0.5 / 4 * 2^3)
    assert alive([1.0, 10.0, 0.5, 3.0], [2], [0.0], [10.0])[0] == pytest.approx(0.5)
    assert alive([1.0, 10.0, 0.5, 3.0], [0], [0.0], [10.0])[0] == 1.0


def test_expectation_is_smooth_where_its_formula_is_not() -> None:
    around = [expected([0.5, 20.0, a, 2.0], 30.0, [3], [50.0], [60.0])[0] for a in (0.999, 1.0, 1.001)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-5)


def test_expected_purchases_grow_with_the_horizon(buying: Buying) -> None:
    values = [buying.expected(days, [2], [30.43], [38.86])[0] for days in (1, 10, 39, 100)]
    assert values == sorted(values)
    assert buying.expected(1e-9, [2], [30.43], [38.86])[0] == pytest.approx(0, abs=1e-6)
