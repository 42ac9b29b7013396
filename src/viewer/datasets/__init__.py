"""Labelled files: how they lie on disk, which belong together, how they are divided, and what is wrong with them."""
