"""The window: the only room that knows Qt. Panels render what they are told, and decide nothing."""
