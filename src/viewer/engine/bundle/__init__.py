"""Model bundles: reading, writing and choosing them. Imports no torch, so that listing bundles is fast."""

from viewer.engine.bundle.choosing import choose_bundle, find_bundles
from viewer.engine.bundle.reading import Bundle, read_bundle
from viewer.engine.bundle.writing import Predictions, rewrite_bundle, write_bundle

__all__ = ["Bundle", "Predictions", "choose_bundle", "find_bundles", "read_bundle", "rewrite_bundle", "write_bundle"]
