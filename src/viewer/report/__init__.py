"""Assessments written down: CSV, JSON lines and HTML."""
