"""Lifetime value: histories and rhythm of customers, predictions with intervals, and their backtest."""
