"""Fitting the lifetime-value models while the page shows how far that has come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from typing import Final

import streamlit as st

from analytics.filters import Where
from ui.content import value as value_content
from ui.content.value import Fit
from ui.queries import VersionKey

MOMENT: Final = 0.2
"""Seconds between two looks at how far the work has come; what takes less shows no bar."""


def fitted(source: VersionKey, where: Where, until: date) -> Fit:
    """The fits of a history, from the cache or made while a bar tells how far they have come.

    The work has its own thread, as a cached query cannot draw. It goes on where the visitor leaves meanwhile.
    """
    come = [("Reading purchase histories", 0.0)]
    place = st.empty()
    pool = ThreadPoolExecutor(1, thread_name_prefix="fit")
    work = pool.submit(
        value_content.fit_of, source, where, until, lambda words, share: come.append((words, min(max(share, 0.0), 1.0)))
    )
    pool.shutdown(wait=False)
    while not wait([work], MOMENT).done:
        words, share = come[-1]
        place.progress(share, f"{words} …")
    place.empty()
    return work.result()
