"""Chart specifications without data: plain values in, a Vega-Lite dict out, built once per set of arguments.

The rows travel beside the specification, so a filter swaps rows and the browser keeps its view.
"""
