"""Second purchases, cohorts, the customer bridge, and the rows that show them."""
