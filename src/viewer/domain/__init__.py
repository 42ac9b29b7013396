"""Frozen values shared by every room; numpy only."""
