"""What the rules find in order lines, and what each policy is worth before it is chosen."""
