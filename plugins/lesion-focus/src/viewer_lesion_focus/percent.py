"""Shares in words, alike on every page of the plugin."""


def percent(share: float) -> str:
    """Like `44 %`."""
    return f"{share:.0%}".replace("%", " %")
