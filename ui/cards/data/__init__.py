"""The steps of the Data page, in the order in which a file passes them."""
