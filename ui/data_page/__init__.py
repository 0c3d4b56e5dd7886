"""The four steps of the Data page: drop, understand, check, finish. What they share is `job`."""
