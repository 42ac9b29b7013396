"""How labelled files lie on disk: one module per layout.

Each has `recognises(query) -> bool`, which looks at names alone, and `read(query) -> Found`.
"""
