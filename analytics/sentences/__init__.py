"""Sentences: the takeaway of each card, composed by rules from the rows it shows; a module for each topic."""
