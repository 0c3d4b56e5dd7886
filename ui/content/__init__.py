"""Content: what the cards of a topic show, remembered per view, with the queries behind it."""
