"""The demo's markets: continents, countries and regions, and how their weights change over the years."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.generator import truths
from data.generator.calendar import MONTHS


class Market(NamedTuple):
    """One market."""

    continent: str
    name: str
    weight: float
    """Share of new customers in the first month, relative to the others."""
    growth: float
    """Yearly growth of that weight, relative to the others."""
    wealth: float
    """Chance of a large purchase, relative to the mean country."""
    regions: tuple[str, ...]
    """Largest first."""


COUNTRIES: Final = (
    Market("Asia", "Japan", 6, 0.02, 1.0, ("Kanto", "Kansai", "Chubu", "Kyushu", "Hokkaido")),
    Market("Asia", "Singapore", 1.5, 0.08, 1.1, ("Bedok", "Jurong West", "Tampines")),
    Market("Asia", "South Korea", 3, 0.45, 1.05, ("Seoul", "Gyeonggi", "Busan", "Incheon")),
    Market("Europe", "France", 12, -0.38, 1.0, ("Île-de-France", "Auvergne-Rhône-Alpes", "Occitanie", "Brittany")),
    Market("Europe", "Germany", 12, 0.03, 1.05, ("Bavaria", "North Rhine-Westphalia", "Hesse", "Berlin", "Saxony")),
    Market("Europe", "Italy", 5, 0.0, 0.9, ("Lombardy", "Lazio", "Veneto", "Piedmont")),
    Market("Europe", "Netherlands", 4, 0.06, 1.1, ("North Holland", "South Holland", "Utrecht")),
    Market("Europe", "Sweden", 3.5, 0.04, 1.05, ("Stockholm", "Skåne", "Västra Götaland")),
    Market("Europe", "United Kingdom", 11, 0.02, 1.0, ("England", "Scotland", "Wales", "Northern Ireland")),
    Market("North America", "Canada", 8, 0.04, 1.0, ("Ontario", "British Columbia", "Quebec", "Alberta")),
    Market("North America", "Mexico", 3, 0.1, 0.65, ("Mexico City", "Jalisco", "Nuevo León")),
    Market(
        "North America",
        "United States",
        30,
        0.03,
        1.05,
        ("California", "Texas", "New York", "Washington", "Colorado", "Oregon", "Florida", "Illinois", "Utah"),
    ),
    Market("Oceania", "Australia", 8, 0.03, 1.05, ("New South Wales", "Victoria", "Queensland", "Western Australia")),
    Market("Oceania", "New Zealand", 2, 0.0, 0.95, ("Auckland", "Canterbury", "Otago")),
    Market("South America", "Brazil", 4, 0.12, 0.6, ("São Paulo", "Minas Gerais", "Paraná", "Bahia")),
    Market("South America", "Chile", 2, 0.05, 0.7, ("Santiago", "Valparaíso", "Biobío")),
)
"""In hierarchy order: continent, then country, by name."""

_PLACES: Final = tuple(
    (number, region) for number, country in enumerate(COUNTRIES) for region in sorted(country.regions)
)

CONTINENT_NAMES: Final = tuple(dict.fromkeys(country.continent for country in COUNTRIES))
COUNTRY_NAMES: Final = tuple(country.name for country in COUNTRIES)
REGION_NAMES: Final = tuple(region for _, region in _PLACES)

COUNTRY_OF: Final[NDArray[np.int64]] = np.array([number for number, _ in _PLACES])
"""Country of each region, by position."""
CONTINENT_OF: Final[NDArray[np.int64]] = np.array(
    [CONTINENT_NAMES.index(COUNTRIES[number].continent) for number, _ in _PLACES]
)
WEALTH_OF: Final[NDArray[np.float64]] = np.array([COUNTRIES[number].wealth for number, _ in _PLACES])
DECLINE_OF: Final[NDArray[np.float64]] = np.array(
    [-COUNTRIES[number].growth if COUNTRIES[number].name == truths.DECLINING_COUNTRY else 0.0 for number, _ in _PLACES]
)
"""Share of returning orders that a region loses each year: only the declining country's."""
HAS_WHITE_SPACE: Final[NDArray[np.bool_]] = np.array(
    [COUNTRIES[number].name == truths.WHITE_SPACE[0] for number, _ in _PLACES]
)


def _cdf() -> NDArray[np.float64]:
    within = np.array([1 / (1 + COUNTRIES[number].regions.index(region)) ** 0.7 for number, region in _PLACES])
    total = np.bincount(COUNTRY_OF, within)[COUNTRY_OF]
    years = np.arange(MONTHS)[:, None] / 12
    weight = np.array([country.weight for country in COUNTRIES])[COUNTRY_OF]
    growth = np.array([country.growth for country in COUNTRIES])[COUNTRY_OF]
    rows = np.cumsum(within / total * weight * (1 + growth) ** years, axis=1)
    shares: NDArray[np.float64] = (rows / rows[:, -1:] + np.arange(MONTHS)[:, None]).ravel()
    return shares


_CDF: Final = _cdf()


def draw(rng: np.random.Generator, month: NDArray[np.int64]) -> NDArray[np.int64]:
    """One region for each month given, by the countries' weights in that month."""
    result = np.searchsorted(_CDF, month + rng.random(len(month)), side="right")
    return np.asarray(result - month * len(REGION_NAMES))
