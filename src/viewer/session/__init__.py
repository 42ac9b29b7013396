"""Use cases without a screen: open, assess, explain; the only room that knows a frame's whole way."""
