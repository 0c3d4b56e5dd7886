"""Recipes: which files hold what, and what each column means."""
