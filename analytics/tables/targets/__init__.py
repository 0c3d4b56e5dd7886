"""Targets: how they stand, and how they are edited."""
