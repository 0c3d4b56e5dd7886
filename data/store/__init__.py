"""The store: datasets as folders of immutable versions, and what users save about them."""
