"""A second opinion from reliability classifiers, similar frames and the frames around; this page registers it."""

VIEWER_API = 1
