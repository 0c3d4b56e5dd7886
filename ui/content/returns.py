"""What the return cards show."""

from __future__ import annotations

from analytics.filters import Filters
from analytics.tables import returns as return_tables
from ui import queries
from ui.caching import remembered
from ui.content.remembered import NotShown
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _returns(source: VersionKey, filters: Filters) -> return_tables.ReturnTables:
    data = queries.dataset(source)
    return return_tables.returns(data, filters, data.currency)


@remembered
def returned(view: View) -> return_tables.ReturnTables | NotShown:
    """The returns of the view, or why there are none to show."""
    why = return_tables.missing(queries.dataset(view.source), view.filters)
    return NotShown(why) if why else _returns(view.source, view.filters)
