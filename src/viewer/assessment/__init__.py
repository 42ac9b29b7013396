"""From scores to one trust and one light."""
