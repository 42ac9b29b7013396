"""Rows, words and colours: what the window, the tables and the report have in common."""
