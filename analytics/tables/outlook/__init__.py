"""Outlook: the forecast of a metric, and those of a dimension's members, which add up to it."""
