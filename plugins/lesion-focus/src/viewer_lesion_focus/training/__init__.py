"""Training that makes a network look at the lesion: its losses, what sums them, and the recipe."""
