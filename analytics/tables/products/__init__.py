"""Products by class, by growth and size, and by stage of life."""
