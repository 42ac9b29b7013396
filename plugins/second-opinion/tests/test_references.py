import dataclasses
import gc
import weakref

import numpy as np
from viewer_second_opinion import references, small_pictures
from viewer_second_opinion.references import References, learn, pseudonyms, references_of
from viewer_second_opinion.search import unit_vectors

from viewer.api import Labelled
from viewer.testing import builders

DIMENSIONS = 12
NAMES = [f"patient {index}" for index in range(20)]


def batch(features, labels, groups, clips=None, frames=None, thumbnails=None):
    """Labelled evidence with these features."""
    evidence = builders.evidence(len(labels), 3)
    return Labelled(
        builders.changed(evidence, features=features.astype(np.float32)),
        np.asarray(labels),
        np.asarray(groups),
        clips=clips,
        frames=frames,
        thumbnails=thumbnails,
    )


def patients(names=NAMES, per_group=10, seed=0, thumbnails=False):
    """Frames of patients, each around a direction of the own, which lies near that of the class."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(names)) % 3, per_group)
    centres = np.random.default_rng(0).normal(size=(3, DIMENSIONS))
    own = centres[np.arange(len(names)) % 3] + 0.5 * random.normal(size=(len(names), DIMENSIONS))
    features = np.repeat(own, per_group, axis=0) + 0.05 * random.normal(size=(len(labels), DIMENSIONS))
    return batch(
        features,
        labels,
        np.repeat(names, per_group),
        clips=np.repeat(np.arange(len(names)), per_group),
        frames=np.tile(np.arange(per_group), len(names)),
        thumbnails=np.tile(labels.astype(np.uint8)[:, None, None, None], (1, 64, 64, 3)) * 60 if thumbnails else None,
    )


def stream(*fit, training=()):
    return builders.Batches(tuple(fit), tuple(training))


def test_that_a_patient_s_frames_never_stand_beside_a_frame_of_the_same_patient():
    known = patients()
    found = References(learn(stream(known))).neighbours(known.evidence.features)
    groups = pseudonyms(known.groups.tolist())
    assert found.known.all()  # these very frames are among the references
    np.testing.assert_array_equal(found.own, groups)
    remembered = References(learn(stream(known))).groups
    assert (found.indices >= 0).any()
    assert not (remembered[found.indices] == groups[:, None])[found.indices >= 0].any()


def test_that_the_patient_of_a_frame_between_two_that_are_remembered_is_known_too():
    known = patients(per_group=30)
    state = learn(stream(known))
    kept = References(state)
    others = np.flatnonzero(~np.isin(known.frames, kept.frames))
    assert len(others)  # the frames of a clip that are not remembered
    found = kept.neighbours(known.evidence.features[others])
    assert found.known.mean() > 0.95


def test_that_a_new_patient_is_known_by_coincidence_alone():
    found = References(learn(stream(patients()))).neighbours(
        patients([f"new {i}" for i in range(30)], seed=5).evidence.features
    )
    assert found.known.mean() < 0.2


def test_that_similarity_is_the_cosine_of_the_features():
    known, asked = patients(), patients(["new"], seed=3)
    kept = References(learn(stream(known)))
    found = kept.neighbours(asked.evidence.features)
    features = unit_vectors(known.evidence.features)
    place = {(g, f): i for i, (g, f) in enumerate(zip(pseudonyms(known.groups), known.frames, strict=True))}
    for row in range(len(asked.labels)):
        there = found.indices[row] >= 0
        originals = [place[kept.groups[i], kept.frames[i]] for i in found.indices[row][there]]
        expected = features[originals] @ unit_vectors(asked.evidence.features)[row]
        np.testing.assert_allclose(found.similarity[row][there], expected, atol=2e-3)  # halved
        close = found.labels[row] >= 0
        np.testing.assert_array_equal(found.labels[row][close], known.labels[originals][close[there]])


def test_that_no_patient_gives_more_than_three_of_the_neighbours_and_the_others_are_the_nearest():
    known, asked = patients(), patients(["new"], seed=3)
    kept = References(learn(stream(known)))
    found = kept.neighbours(asked.evidence.features, pseudonyms(asked.groups.tolist()))
    features = unit_vectors(known.evidence.features)
    place = {(g, f): i for i, (g, f) in enumerate(zip(pseudonyms(known.groups), known.frames, strict=True))}
    ours = features[[place[key] for key in zip(kept.groups, kept.frames, strict=True)]]
    for row in range(len(asked.labels)):
        nearest, taken = [], []
        for index in np.argsort(-(ours @ unit_vectors(asked.evidence.features)[row])).tolist():
            if taken.count(kept.groups[index]) < 3 and len(nearest) < 11:
                nearest.append(index)
                taken.append(kept.groups[index])
        assert len(set(nearest) & set(found.indices[row].tolist())) >= 10  # but for what halving exchanges
        assert np.unique(kept.groups[found.indices[row]], return_counts=True)[1].max() <= 3


def test_that_enough_frames_are_searched_whatever_patients_they_are_of():
    assert references.SEARCHED == 3 * references.MOST_OF_GROUP + 2


def test_that_a_frame_unlike_all_others_has_too_few_close_neighbours():
    kept = References(learn(stream(patients())))
    assert not kept.neighbours(-patients().evidence.features[:5]).enough.any()
    assert not kept.neighbours(np.zeros((2, DIMENSIONS), np.float32)).enough.any()


def test_that_about_one_in_twenty_frames_of_the_fit_patients_has_too_few_close_neighbours():
    known = patients([f"patient {i}" for i in range(60)])
    kept = References(learn(stream(known)))
    enough = kept.neighbours(known.evidence.features, pseudonyms(known.groups.tolist())).enough
    assert 0.9 < enough.mean() < 0.99


def test_that_what_is_close_is_learnt_from_the_fit_groups_and_training_groups_are_remembered_beside_them():
    fit, training = patients(NAMES[:10]), patients(NAMES[10:], seed=4)
    state = learn(stream(fit, training=[training]))
    assert {*state["groups"].tolist()} == {*pseudonyms(NAMES).tolist()}
    clips = {int(clip) for clip in state["clips"]}
    assert len(clips) == 20  # clips of the two streams bear the same numbers, and are told apart
    assert learn(stream(training=[training])) == {}


def test_that_no_clip_and_no_patient_dominates():
    long = patients(["long"], per_group=400)
    several = dataclasses.replace(patients(["several"], per_group=90), clips=np.repeat(np.arange(1, 10), 10))
    short = dataclasses.replace(patients(NAMES, per_group=4), clips=np.repeat(np.arange(10, 30), 4))
    state = learn(stream(long, several, short))
    counts = dict(zip(*np.unique(state["groups"], return_counts=True), strict=True))
    of_long, of_several, of_short = (int(counts[pseudonyms([n])[0]]) for n in ("long", "several", "patient 0"))
    assert (of_long, of_several, of_short) == (references.MOST_OF_CLIP, references.MOST_OF_GROUP, 4)
    spread = np.sort(state["frames"][state["groups"] == pseudonyms(["long"])[0]])
    assert np.diff(spread).max() <= 64  # over all 400 frames


def test_that_where_not_all_fit_every_patient_gives_as_many(monkeypatch):
    monkeypatch.setattr(references, "MOST_REFERENCES", 50)
    state = learn(stream(patients(per_group=10)))
    counts = np.unique(state["groups"], return_counts=True)[1]
    assert counts.sum() == 50
    assert set(counts.tolist()) == {2, 3}


def test_that_the_state_stays_below_three_and_a_half_megabytes():
    random = np.random.default_rng(0)
    count, width = 7000, 1280
    many = batch(
        random.normal(size=(count, width)),
        random.integers(0, 3, count),
        [f"patient {i % 700}" for i in range(count)],
        thumbnails=np.zeros((count, 64, 64, 3), np.uint8),
    )
    state = learn(stream(many))
    assert 2_500_000 < sum(array.nbytes for array in state.values()) <= references.LARGEST_STATE
    assert len(state["features"]) == references.MOST_REFERENCES
    assert len(state["picture_ends"]) > 1000


def test_that_a_network_with_very_many_features_leaves_room_for_references():
    wide = np.abs(np.random.default_rng(0).normal(size=(60, 25088)))
    state = learn(stream(batch(wide, np.arange(60) % 3, np.repeat(NAMES, 3))))
    assert sum(array.nbytes for array in state.values()) < references.LARGEST_STATE


def test_that_thumbnails_belong_to_the_first_references():
    state = learn(stream(patients(thumbnails=True)))
    kept = References(state)
    assert len(state["picture_ends"]) == len(kept.labels)
    for index, label in enumerate(kept.labels.tolist()):
        picture, another = kept.picture(index)
        assert picture.shape == (64, 64, 3)
        assert not another
        np.testing.assert_allclose(picture, 60 * label, atol=3)
    mixed = stream(patients(NAMES[:10], thumbnails=True), training=[patients(NAMES[10:])])
    assert References(learn(mixed)).picture(0) == (None, False)


def test_that_another_frame_of_the_clip_stands_for_one_without_a_picture(monkeypatch):
    monkeypatch.setattr(references, "packed", lambda pictures, room: small_pictures.packed(pictures[:25], 10**6))
    kept = References(learn(stream(patients(thumbnails=True))))  # 20 clips, of each at first one frame
    assert not kept.picture(24)[1]
    picture, another = kept.picture(30)
    assert another
    np.testing.assert_allclose(picture, 60 * kept.labels[30], atol=3)


def test_that_pictures_are_packed_as_long_as_there_is_room():
    random = np.random.default_rng(0)
    pictures = random.integers(0, 255, (9, 64, 64, 3), np.uint8)
    files, ends = small_pictures.packed(pictures, 10**6)
    assert len(ends) == 9
    assert ends[-1] == len(files)
    fewer, some = small_pictures.packed(pictures, int(ends[4]) + 4 * 5)
    assert len(some) == 5
    np.testing.assert_array_equal(small_pictures.unpacked(fewer, some, 4), small_pictures.unpacked(files, ends, 4))
    nothing, none = small_pictures.packed(pictures, 0)
    assert (len(nothing), len(none)) == (0, 0)


def test_that_no_name_is_remembered():
    state = learn(stream(patients()))
    assert all(array.dtype.kind in "iuf" for array in state.values())


def test_that_too_little_teaches_nothing():
    assert learn(stream()) == {}
    assert learn(stream(patients(["one"], per_group=40))) == {}  # no other patient
    assert learn(stream(patients(["one", "two"], per_group=2))) == {}


def test_that_references_are_prepared_once_and_let_go_with_their_state():
    state = learn(stream(patients()))
    first = references_of(state)
    assert references_of({f"similar.{name}": array for name, array in state.items()}, "similar.") is first
    assert references_of({}) is None
    prepared = weakref.ref(first)
    del state["features"], first
    gc.collect()
    assert prepared() is None


def test_that_a_pseudonym_is_the_start_of_a_sha_256_as_in_the_tables_of_a_bundle():
    (smith,) = pseudonyms(["Smith"])
    assert f"{int(smith):016x}" == "9f542590100424c9"
    assert pseudonyms(["9f542590100424c9"])[0] == smith  # and stays what it is
