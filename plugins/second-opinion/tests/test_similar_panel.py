import dataclasses
import re

import numpy as np
import pytest
from viewer_second_opinion.references import References, references_of
from viewer_second_opinion.similar import SimilarFrames
from viewer_second_opinion.similar_panel import SimilarFramesPanel, is_scale, nearness

from viewer.api import Gallery, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

PANEL = SimilarFramesPanel()


@pytest.fixture(scope="module")
def state():
    fitted = SimilarFrames().fit(builders.calibration(40))
    return {f"similar.{name}": array for name, array in fitted.items()}


def explained(evidence, state):
    """Text, gallery of the bundle, and of the user's own where there is one."""
    return PANEL.explain(evidence, state)


def some(state, enough):
    """A frame that has, or has not, enough close neighbours."""
    for seed in range(200):
        evidence = builders.evidence(1, seed=1000 + seed)
        if references_of(state, "similar.").neighbours(evidence.features).enough[0] == enough:
            return evidence
    raise AssertionError("no such frame")


def test_that_the_explainer_conforms():
    check_explainer(PANEL, [SimilarFrames()])


def test_that_the_most_similar_frames_are_shown_with_their_true_class_nearness_and_patient(state):
    evidence = some(state, enough=True)
    _, gallery, _ = explained(evidence, state)
    references = references_of(state, "similar.")
    found = references.neighbours(evidence.features)
    assert len(gallery.items) == 11
    for exhibit, index, cosine in zip(gallery.items, found.indices[0], found.similarity[0], strict=True):
        truth, near, patient = exhibit.caption.split("\n")
        assert truth == f"class {references.labels[index]}"
        assert near.endswith(f"({cosine:.2f})")
        assert patient == f"patient {int(references.groups[index]):016x}"[:14]


def test_that_the_vote_is_told_in_words(state):
    evidence = some(state, enough=True)
    text, *_ = explained(evidence, state)
    assert isinstance(text, Text)
    assert re.search(r"Of \d+ close frames of \d+ other patients: ", text.body)
    assert "Most frequent: class " in text.body
    assert "weighted by similarity: class " in text.body
    assert "mean: class " in text.body  # class_0 to class_3 are a scale


def test_that_too_few_close_neighbours_are_an_answer(state):
    text, gallery, _ = explained(some(state, enough=False), state)
    assert text.body.startswith("Too few close neighbours")
    assert gallery.items  # the nearest are shown all the same, and called what they are
    assert "not close" in gallery.items[-1].caption


def test_that_a_model_without_memory_says_so(state):
    (text,) = explained(builders.evidence(1), {})
    assert "remembers no frames" in text.body


def test_that_nothing_of_the_user_s_own_is_shown_where_nothing_was_added(state):
    evidence = builders.changed(builders.evidence(1), references=None)
    assert [type(content) for content in explained(evidence, state)] == [Text, Gallery]


def test_that_without_thumbnails_no_picture_is_shown_and_the_note_says_how_to_get_it(state):
    evidence = builders.changed(builders.evidence(1), references=None)
    _, gallery = explained(evidence, state)
    assert all(exhibit.picture is None and exhibit.file == "" for exhibit in gallery.items)
    assert "viewer reference add" in gallery.note


def test_that_a_picture_of_another_frame_is_marked(state, monkeypatch):
    evidence = builders.changed(builders.evidence(1), references=None)
    shown = np.zeros((64, 64, 3), np.uint8)
    monkeypatch.setattr(References, "picture", lambda self, index: (shown, index % 2 == 0))
    _, gallery = explained(evidence, state)
    marks = [exhibit.caption.endswith(" *") for exhibit in gallery.items]
    assert any(marks)
    assert gallery.note == "* The picture is another frame of the same clip."


def test_that_the_user_s_own_picture_illustrates_the_same_reference_of_the_model():
    calibration = builders.calibration(40)
    fitted = SimilarFrames().fit(calibration)
    state = {f"similar.{name}": array for name, array in fitted.items()}
    evidence = some(state, enough=True)
    plain = references_of(state, "similar.").neighbours(evidence.features).indices[0]
    features = np.concatenate([batch.evidence.features for batch in calibration])
    groups = np.concatenate([batch.groups for batch in calibration])
    frames = np.concatenate([batch.frames for batch in calibration])
    labels = np.concatenate([batch.labels for batch in calibration])
    own = dataclasses.replace(
        evidence.references,
        features=features,
        labels=labels,
        groups=groups,
        files=tuple(f"/own/{i}.mp4" for i in range(len(labels))),
        frames=frames,
        thumbnails=np.arange(len(labels), dtype=np.uint8)[:, None, None, None]
        .repeat(64, 1)
        .repeat(64, 2)
        .repeat(3, 3),
    )
    _, gallery, mine = explained(dataclasses.replace(evidence, references=own), state)
    references = references_of(state, "similar.")
    for exhibit, index in zip(gallery.items, plain, strict=True):
        assert exhibit.frame == references.frames[index]
        assert exhibit.file == f"/own/{int(exhibit.picture[0, 0, 0])}.mp4"
    assert gallery.note == ""
    assert {exhibit.file for exhibit in mine.items} == {exhibit.file for exhibit in gallery.items}
    assert "change no vote" in mine.note


def test_that_the_patient_of_a_known_picture_is_named_and_left_out(state):
    batch = next(iter(builders.calibration(40)))
    _, gallery, _ = explained(batch.evidence[0], state)
    assert "appears to be theirs" in gallery.note
    patient = gallery.note.split("Frames of ")[1].split(" are left out")[0]
    assert not any(patient in exhibit.caption for exhibit in gallery.items)


@pytest.mark.parametrize(
    ("classes", "scale"),
    [
        (("score 0", "score 1", "score 2"), True),
        (("1", "2"), True),
        (("score 0", "score 2"), False),
        (("covid", "regular"), False),
        (("grade 1", "other"), False),
    ],
)
def test_that_a_mean_is_told_of_scores_alone(classes, scale):
    assert is_scale(classes) is scale


@pytest.mark.parametrize(
    ("similarity", "word"), [(0.5, "not close"), (0.8, "similar"), (0.89, "similar"), (0.91, "very similar")]
)
def test_that_nearness_is_told_in_words(similarity, word):
    assert nearness(similarity, 0.8) == word
