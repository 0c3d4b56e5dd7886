"""Known exports as data: a TOML for each, with the headers that tell it and what its columns mean."""
