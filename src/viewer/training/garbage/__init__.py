"""Training with one more output for pictures of no kind a model knows: what is shown for it, what it came to."""
