"""Model bundles: reading, writing and choosing them. Imports no torch, so that listing bundles is fast."""

from viewer.engine.bundle.choosing import choices_of, choose_bundle, find_bundles, first_choices
from viewer.engine.bundle.ensembles import ensemble_manifest
from viewer.engine.bundle.reading import Bundle, read_bundle
from viewer.engine.bundle.writing import Predictions, rewrite_bundle, write_bundle

__all__ = [
    "Bundle",
    "Predictions",
    "choices_of",
    "choose_bundle",
    "ensemble_manifest",
    "find_bundles",
    "first_choices",
    "read_bundle",
    "rewrite_bundle",
    "write_bundle",
]
