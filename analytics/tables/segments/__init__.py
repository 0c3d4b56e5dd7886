"""RFM scores and groups, profiles, and the rows that show them."""
