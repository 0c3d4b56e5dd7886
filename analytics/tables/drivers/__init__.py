"""Why revenue moved: price, volume and mix, and contributions by member and pair."""
