"""The demo data: a seeded generator of the invented retailer Juniper & Tarn, of any size.

`truths` lists what is planted in it. Customers are invented chunk by chunk, each with all their orders, so that lines
leave sorted by customer, day, order and product while memory holds one chunk. Same size and seed, same data.
"""

from data.generator.publish import DEFAULT_LINES, DEFAULT_SEED, main, write

__all__ = ["DEFAULT_LINES", "DEFAULT_SEED", "main", "write"]
