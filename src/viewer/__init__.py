"""Viewer: shows what an image classifier says, and whether it can be trusted here."""
