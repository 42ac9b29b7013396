"""Training that makes a network look at the lesion, and what shows whether it does; this page registers it."""

VIEWER_API = 1
