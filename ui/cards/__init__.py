"""Cards: what is drawn, a module for each topic; shared forms bear the name of their concept."""
