"""Network architectures by name: torchvision's, and those plugins add."""

from viewer.engine.architectures.ensemble import ensemble_name, join_members
from viewer.engine.architectures.registry import Architectures, built_in

__all__ = ["Architectures", "built_in", "ensemble_name", "join_members"]
