"""Plugins: found without importing them, loaded and called so that none can take the viewer down."""
