"""The rules that rows must meet and the choices that a recipe has: one row each in `table`."""
