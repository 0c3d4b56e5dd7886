"""Sentences of the cards read back into names and numbers, and compared with what the lines say.

Random shops and views (`shops`) are shown to the app's own cards; a grammar per card (`grammar`, `sales`, `customers`)
takes every name and number out of the text again, and a slow twin (`twin`) works each of them out from the lines, by
plain loops and the definitions, not from the tables that the sentences were made from.
"""
