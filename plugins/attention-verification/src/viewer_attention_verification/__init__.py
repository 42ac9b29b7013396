"""Attention compared with what is usual, and pictures a model cannot judge; this page registers it."""

VIEWER_API = 1
