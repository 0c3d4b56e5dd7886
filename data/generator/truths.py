"""The planted truths of the demo data: what an analyst should be able to find in it, and nothing says so.

The demo is the invented retailer Juniper & Tarn, outdoor and home goods, in US dollars. Every constant below is a fact
of the generated data that tests measure from the finished lines, within a tolerance that random sampling needs.
They hold from about 50,000 lines up; smaller datasets have the same shape with more noise.

Shape
- lines an order follow `LINES_PER_ORDER`; order values have two peaks (accessories, and bikes, tents or furniture)
- the best 1, 5, 10 and 20 % of customers make about `REVENUE_SHARE_OF_TOP` of revenue; `BUY_ONCE` of them buy once
- retention in the first month after the first purchase lies within `MONTH_1_RETENTION`, with a long tail after it
- November sells nearly twice the mean month, Saturday most of all weekdays, and every whole year more than the last
- one quiet day (`OUTAGE_DAY`, the shop was down) and one loud day (`FLASH_SALE_DAY`)
- `ANONYMOUS_ORDERS` of orders name no customer; of each customer attribute a share within `MISSING_ATTRIBUTE` is
  missing, at random

Products and prices
- `LOSS_MAKING_SUBCATEGORY` sells below cost; each category has its own margin
- `ELASTICITY`: products of these subcategories change price often, and units answer with that elasticity to the price
  after promotion; units of all others do not answer to price
- `LAUNCHED` did not exist before `LAUNCH_DAY`; `DISCONTINUED` was last sold before `DISCONTINUED_DAY`
- `DEFECTIVE` comes back far more often than its neighbours, mostly with the reason `Defective`
- `BOUGHT_TOGETHER`: who buys the first product and something more takes the second one along with that probability

Markets and customers
- `DECLINING_COUNTRY` shrinks year after year while the rest grows; `GROWING_COUNTRY` grows fastest
- `WHITE_SPACE`: this country buys that category far less than all others do
- income raises the chance of a large purchase, homeowners buy more home and garden goods, parents more camping goods,
  customers from 55 up more e-bikes and less often online; gender and education have no effect of their own
"""

from __future__ import annotations

from datetime import date
from typing import Final

COMPANY: Final = "Juniper & Tarn"
CURRENCY: Final = "USD"
FIRST_DAY: Final = date(2023, 7, 1)
LAST_DAY: Final = date(2026, 6, 17)
"""36 calendar months, of which the last is not over."""

LINES_PER_ORDER: Final = (0.33, 0.30, 0.22, 0.12, 0.03)
"""Shares of orders with 1, 2, 3, 4 and 5 or more lines."""

REVENUE_SHARE_OF_TOP: Final = {0.01: 0.06, 0.05: 0.23, 0.10: 0.40, 0.20: 0.65}
BUY_ONCE: Final = (0.50, 0.60)
MONTH_1_RETENTION: Final = (0.10, 0.20)
NOVEMBER_PEAK: Final = 1.9
"""November's revenue over the mean month's."""

OUTAGE_DAY: Final = date(2026, 3, 11)
FLASH_SALE_DAY: Final = date(2025, 5, 17)

ANONYMOUS_ORDERS: Final = 0.015
MISSING_ATTRIBUTE: Final = (0.03, 0.05)

LOSS_MAKING_SUBCATEGORY: Final = "Grills"

ELASTICITY: Final = {"Socks": -2.2, "Camp Lighting": -1.8, "Bike Care": -1.4, "Camp Kitchen": -0.6}

LAUNCHED: Final = "Tarnvolt City E-Bike"
LAUNCH_DAY: Final = date(2025, 9, 1)
DISCONTINUED: Final = "Alderway Teak Dining Set"
DISCONTINUED_DAY: Final = date(2025, 3, 1)
DEFECTIVE: Final = "Emberline Trail Stove"
DEFECTIVE_RETURN_RATE: Final = 0.34

BOUGHT_TOGETHER: Final = (
    ("Harrowfell 2-Person Tent", "Harrowfell Down Sleeping Bag", 0.45),
    ("Kestrel Trail Bike", "Kestrel Helmet", 0.50),
    ("Juniper Rain Jacket", "Juniper Merino Socks", 0.40),
)
"""First product, product taken along, chance that it is."""

DECLINING_COUNTRY: Final = "France"
GROWING_COUNTRY: Final = "South Korea"
WHITE_SPACE: Final = ("Japan", "Home & Garden", 0.35)
"""Country, category and what the country buys of it relative to its peers."""

INCOME_EFFECT: Final = (0.45, 0.7, 1.0, 1.45, 2.0)
"""Chance of a large purchase by income band, relative to the middle one."""
HOMEOWNER_EFFECT: Final = 1.9
PARENT_EFFECT: Final = 1.7
E_BIKE_EFFECT: Final = 2.5
"""Odds of choosing from the favoured goods, relative to other customers."""
