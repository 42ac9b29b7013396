import numpy as np
import pytest

from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.testing.architectures import architecture_faults, check_architecture
from viewer.testing.bundles import ARCHITECTURE, tiny_bundle


def test_that_the_tiny_bundle_runs(tmp_path):
    engine = Engine(read_bundle(tiny_bundle(tmp_path)), Architectures(), device="cpu")
    picture = Picture(np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8))
    evidence = engine.evidence([picture], frozenset(Need))
    assert evidence.logits.shape == (1, 3)
    assert np.isfinite(evidence.logits).all()


def test_that_the_tiny_bundle_is_always_the_same(tmp_path):
    first, second = (read_bundle(tiny_bundle(tmp_path, name=name)) for name in ("tiny", "tiny"))
    assert first.digest == second.digest


class Renamed:
    """A shipped architecture under another name, as a plugin would offer it."""

    def __init__(self, **changes):
        self._shipped = Architectures().get(ARCHITECTURE)
        self.name, self.input_size = "renamed", 64
        self.stem, self.middle, self.gap_linear = self._shipped.stem, self._shipped.middle, self._shipped.gap_linear
        for key, value in changes.items():
            setattr(self, key, value)

    def build(self, classes):
        return self._shipped.build(classes)

    def load_pretrained(self, network, weights):
        return self._shipped.load_pretrained(network, weights)


def test_that_a_sound_architecture_conforms():
    check_architecture(Renamed())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"middle": "nowhere"}, "no tap layer"),
        ({"input_size": 8}, "cannot take an input of 8 pixels"),
        ({"stem": ""}, "needs the name of its stem layer"),
    ],
)
def test_that_a_faulty_architecture_is_found(changes, fault):
    assert fault in " ".join(architecture_faults(Renamed(**changes)))
