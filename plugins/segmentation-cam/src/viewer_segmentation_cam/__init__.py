"""Masks and what lies inside them; this page registers it."""

VIEWER_API = 1
