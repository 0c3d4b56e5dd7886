"""Whether what the app promises holds: each claim tried on worlds whose truth is known.

`python -m benchmarks.calibration` prints a table: the claim, the rate that is promised, the rate that was measured, and
the power, which is how often a planted effect is seen. A null world has no effect and asks how often one is claimed all
the same; a truth world has a known one and asks how often an interval holds it.

A claim is one small function in a module of its topic, registered with `claim`; see `registry`.
"""
