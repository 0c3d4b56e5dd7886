"""Checking: values are read, and every row is tried against the named rules."""
