"""Rules that need more than one row to judge a row, and what each rule and its policies are worth."""
