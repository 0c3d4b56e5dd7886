"""The demo's invented customers: names, example.com addresses and attributes, and how these steer what they buy.

Attributes steer behaviour by their true value; what the data shows of them is missing for a few customers, at random.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NOT_RECORDED
from data.generator import truths

SEGMENTS: Final[dict[str, tuple[str, ...]]] = {
    "age": ("18-24", "25-34", "35-44", "45-54", "55-64", "65+", NOT_RECORDED),
    "gender": ("Female", "Male", "Other", NOT_RECORDED),
    "marital_status": ("Divorced", "Married", "Single", "Widowed", NOT_RECORDED),
    "homeowner": ("No", "Yes", NOT_RECORDED),
    "children": ("0", "1", "2", "3", "4", NOT_RECORDED),
    "education": ("Bachelor's", "Graduate", "High school", "Some college", "Vocational", NOT_RECORDED),
    "occupation": ("Clerical", "Management", "Manual", "Professional", "Retired", "Skilled trade", NOT_RECORDED),
    "income": ("10k-25k", "25k-40k", "40k-60k", "60k-90k", "90k+", NOT_RECORDED),
}
"""Customer attributes and their members in order; age is in years on the last day of the data, income in dollars."""

_AGE_FROM: Final = np.array([25, 35, 45, 55, 65])
_MISSING: Final = {
    "age": 0.042,
    "gender": 0.036,
    "marital_status": 0.038,
    "homeowner": 0.040,
    "children": 0.037,
    "education": 0.043,
    "occupation": 0.044,
    "income": 0.043,
}
_NAMES: Final = """
Ada Alma Amara Anouk Asta Bea Carla Celia Chiara Clio Daria Edith Elin Emilia Esme Farah Flora Freya Greta Hana
Ida Ines Iris Jana Juno Kaia Lea Leila Linnea Lucia Mara Maren Mei Mina Nadia Naomi Nell Noor Olive Petra Priya
Rosa Runa Sana Selma Signe Tessa Thea Uma Vera Wanda Yara Yuki Zelda

Aaron Abel Anders Arlo Axel Bruno Caspar Cyrus Dario Diego Edgar Elias Emil Enzo Felix Finn Gideon Hamid Hugo Ilya
Ivo Jasper Joel Jonas Kai Kenji Leif Levi Luca Magnus Marek Mateo Milo Nico Noel Omar Oscar Otto Pavel Quentin
Rafael Remy Rune Samir Silas Soren Tariq Theo Tomas Ulrich Viktor Wim Yannis Zane

Alder Ash Beck Birch Brad Carl Dal Elm Fern Gran Hal Hart Kel Lang Lind Mar Nor Oak Pen Quin Ros Sand Thorn Under
Vale Wes Wind Yar

berg by dale field ford ley man more quist son strand well wick
"""
"""Women, men, and the first and last parts of family names."""
_WOMEN, _MEN, _FRONTS, _BACKS = (block.split() for block in _NAMES.split("\n\n"))
_FAMILIES: Final = tuple(front + back for front in _FRONTS for back in _BACKS)


class People(NamedTuple):
    """Customers as arrays, one entry a customer."""

    shown: dict[str, NDArray[np.uint8]]
    """Segment -> member code as the data shows it."""
    born: NDArray[np.int64]
    """Days from 1970-01-01 to the birth date; shown only where the age is."""
    first_name: NDArray[np.int64]
    family_name: NDArray[np.int64]
    taste: NDArray[np.int64]
    """Homeowner 8 + parent 4 + from 55 up 2; the white space of a market is added per order."""
    senior: NDArray[np.bool_]
    appetite: NDArray[np.float64]
    """Chance that an order is a large purchase, before the country's wealth."""

    def head(self, count: int) -> People:
        """The first customers only."""
        return People(
            {name: codes[:count] for name, codes in self.shown.items()},
            self.born[:count],
            self.first_name[:count],
            self.family_name[:count],
            self.taste[:count],
            self.senior[:count],
            self.appetite[:count],
        )


_LARGE_PURCHASE: Final = 0.25
_FIRST_NAMES: Final = pl.Series([*_WOMEN, *_MEN])
_FAMILY_NAMES: Final = pl.Series(_FAMILIES)


def _pick(rng: np.random.Generator, count: int, shares: tuple[float, ...]) -> NDArray[np.uint8]:
    cumulated = np.cumsum(shares)
    return np.searchsorted(cumulated[:-1] / cumulated[-1], rng.random(count), side="right").astype(np.uint8)


def draw(rng: np.random.Generator, count: int) -> People:
    """Invent `count` customers."""
    age_days = (np.clip(rng.normal(45.5, 15.0, count), 18.05, 88.0) * 365.25).astype(np.int64)
    age = age_days / 365.25
    band = np.searchsorted(_AGE_FROM, age, side="right").astype(np.uint8)
    gender = _pick(rng, count, (0.50, 0.48, 0.02))
    education = _pick(rng, count, (0.28, 0.15, 0.24, 0.18, 0.15))
    standing = rng.normal(0, 1, count) - ((age - 48) / 30) ** 2
    income = np.searchsorted([-1.35, -0.65, 0.15, 0.95], standing).astype(np.uint8)
    better_paid = _pick(rng, count, (0.08, 0.4, 0.04, 0.38, 0, 0.1))
    worse_paid = _pick(rng, count, (0.3, 0.06, 0.28, 0.14, 0, 0.22))
    worker = np.where(income >= 3, better_paid, worse_paid)
    occupation = np.where((age >= 65) & (rng.random(count) < 0.8), 4, worker).astype(np.uint8)
    single = rng.random(count) < np.interp(age, [18, 30, 45, 90], [0.95, 0.55, 0.25, 0.15])
    marital = np.where(single, 2, _pick(rng, count, (0.18, 0.82)))
    marital = np.where((age > 60) & (rng.random(count) < 0.15), 3, marital).astype(np.uint8)
    homeowner = rng.random(count) < np.interp(age, [18, 30, 50, 90], [0.08, 0.35, 0.68, 0.72]) + 0.06 * (income - 2.0)
    children = np.where(marital == 2, rng.poisson(0.25, count), rng.poisson(1.35, count))
    children = np.minimum(np.where(age < 22, 0, children), 4).astype(np.uint8)
    senior = age >= 55
    true = {
        "age": band,
        "gender": gender,
        "marital_status": marital,
        "homeowner": homeowner.astype(np.uint8),
        "children": children,
        "education": education,
        "occupation": occupation,
        "income": income,
    }
    visible = {
        name: np.where(rng.random(count) < _MISSING[name], len(SEGMENTS[name]) - 1, codes).astype(np.uint8)
        for name, codes in true.items()
    }
    last_day = int(np.datetime64(truths.LAST_DAY).astype(np.int64))
    woman = np.where(gender == 2, rng.random(count) < 0.5, gender == 0)
    women, men = rng.integers(0, len(_WOMEN), count), len(_WOMEN) + rng.integers(0, len(_MEN), count)
    return People(
        shown=visible,
        born=last_day - age_days,
        first_name=np.where(woman, women, men),
        family_name=rng.integers(0, len(_FAMILIES), count),
        taste=homeowner * 8 + (children > 0) * 4 + senior * np.int64(2),
        senior=senior,
        appetite=_LARGE_PURCHASE * np.array(truths.INCOME_EFFECT)[income],
    )


def text(people: People, code: NDArray[np.int64]) -> pl.DataFrame:
    """customer_id, name, email and born_on (null where the age is not recorded) of customers with these codes."""
    digits = pl.Series(code).cast(pl.String)
    first, family = _FIRST_NAMES.gather(people.first_name), _FAMILY_NAMES.gather(people.family_name)
    recorded = people.shown["age"] != len(SEGMENTS["age"]) - 1
    return pl.DataFrame(
        {
            "customer_id": "C" + digits.str.zfill(9),
            "name": first + " " + family,
            "email": first.str.to_lowercase() + "." + family.str.to_lowercase() + "." + digits + "@example.com",
            "born_on": pl.Series(people.born).cast(pl.Int32).cast(pl.Date),
        }
    ).with_columns(pl.when(pl.Series(recorded)).then("born_on").alias("born_on"))
