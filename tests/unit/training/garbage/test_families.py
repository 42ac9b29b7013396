"""Which pictures are garbage for which model, and that each is what its name says."""

from dataclasses import replace

import numpy as np
import pytest

from viewer.domain.image import Modality
from viewer.engine.preprocess import normalise
from viewer.training.garbage.families import families_for


@pytest.fixture
def families(manifest):
    def families(modality=Modality.DERMOSCOPY, **more):
        return {family.name: family for family in families_for(replace(manifest, modality=modality, **more))}

    return families


@pytest.fixture
def fault(families, manifest, source):
    """What the network is shown."""

    def shown(name):
        drawn = families()["misprepared"].kinds[name](np.random.default_rng(0), source, manifest)
        return normalise(drawn.square, drawn.manifest)

    return shown


@pytest.fixture
def scaled(manifest):
    """As prepared properly, of float (side, side, 3) in [0, 1]."""
    return lambda levels: ((levels - np.array(manifest.mean)) / np.array(manifest.std)).transpose(2, 0, 1)


@pytest.mark.parametrize("modality", list(Modality))
def test_that_every_family_draws_the_same_from_the_same_seed_and_only_that(modality, families, manifest, source):
    for family in families(modality).values():
        for name, kind in family.kinds.items():
            first, again = (kind(np.random.default_rng(7), source, manifest) for _ in range(2))
            assert (first.square.shape, first.square.dtype) == (source.shape, np.uint8), name
            assert np.array_equal(first.square, again.square), name
            assert first.manifest == again.manifest, name
        drawn = family.draw(np.random.default_rng(7), source, manifest)
        assert np.isfinite(normalise(drawn.square, drawn.manifest)).all()


@pytest.mark.parametrize(
    ("modality", "own"),
    [
        (Modality.XRAY, "chest_film"),
        (Modality.ULTRASOUND, "ultrasound_frame"),
        (Modality.DERMOSCOPY, "lesion_picture"),
    ],
)
def test_that_pictures_of_its_own_kind_are_no_garbage_for_a_model(modality, own, families):
    others = families(modality)["other_modality"].kinds
    assert own not in others
    assert len(others) == 2


def test_that_a_model_of_unknown_kind_is_not_taught_that_other_kinds_are_garbage_nor_inverted_pictures(families):
    assert not {"other_modality", "inverted"} & families(Modality.UNKNOWN).keys()
    assert len(families(Modality.OTHER)["other_modality"].kinds) == 3
    assert "inverted" not in families(Modality.OTHER)


def test_that_exchanged_colours_are_garbage_only_where_pictures_are_known_to_have_colours(families):
    with_colours = [m for m in Modality if "channels_swapped" in families(m)["misprepared"].kinds]
    assert with_colours == [Modality.DERMOSCOPY]


def test_that_a_fault_that_changes_nothing_is_left_out(families):
    plain = families(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))["misprepared"].kinds
    assert not {"not_normalised", "mean_std_reversed"} & plain.keys()


def test_that_wrong_preparations_act_on_what_the_network_is_shown(fault, scaled, manifest, source):
    unit = source / 255
    assert np.allclose(fault("not_scaled"), scaled(source.astype(float)), rtol=1e-4)
    assert np.allclose(fault("scaled_twice"), scaled(unit / 255), atol=1e-5)
    assert np.allclose(fault("not_normalised"), unit.transpose(2, 0, 1), atol=1e-6)
    assert np.allclose(fault("channels_swapped"), scaled(unit[..., ::-1]), atol=1e-5)
    other = (unit - np.array(manifest.mean[::-1])) / np.array(manifest.std[::-1])
    assert np.allclose(fault("mean_std_reversed"), other.transpose(2, 0, 1), atol=1e-5)


def test_that_mixed_axes_are_the_memory_of_the_picture_read_channels_first(fault, scaled, source):
    channels = source.reshape(3, 48, 48).transpose(1, 2, 0) / 255
    assert np.allclose(fault("axes_mixed"), scaled(channels), atol=1e-5)
