"""Acts refuse nonsense at birth."""

from pathlib import Path

import numpy as np
import pytest

from viewer.assessment.verdict import ClipVerdict
from viewer.domain.image import Clip
from viewer.domain.result import Assessment, Light
from viewer.store.acts import AiAnswer, KeyImage, Review, Stage, Subject, changed_mind


@pytest.mark.parametrize(
    ("nonsense", "sentence"),
    [
        (lambda r: r.review(""), "needs its answer"),
        (lambda r: r.review(reader=""), "needs its reader"),
        (lambda r: r.review(frame=-1), "no frame -1"),
        (lambda r: r.review(subject=Subject(study="1.2")), "needs the digest"),
        (lambda r: r.review(ai=None), "cannot have been seen"),
        (lambda r: r.review(stage=Stage.FIRST), "before the AI's is seen"),
        (lambda r: r.first(follows=1), "follows none"),
        (lambda r: r.override(chosen=""), "what it replaces"),
        (lambda r: r.annotation(""), "needs a name"),
        (lambda r: r.annotation(payload_schema=0), "version of its form"),
        (lambda r: r.annotation(payload={"x": float("nan")}), "cannot be written as JSON"),
        (lambda r: r.annotation(payload={"x": object()}), "cannot be written as JSON"),
        (lambda r: KeyImage(reader="anna", subject=r.subject), "a key image is a frame"),
        (lambda r: Subject(study=""), "needs its study"),
        (lambda r: Subject(study="1", digest="A" * 64), "no SHA-256"),
    ],
)
def test_that_nonsense_is_refused(reader, nonsense, sentence):
    with pytest.raises(ValueError, match=sentence):
        nonsense(reader)


@pytest.mark.parametrize("trust", [-0.1, 1.1, float("nan")])
def test_that_a_trust_outside_its_range_is_refused(trust):
    with pytest.raises(ValueError, match="outside"):
        AiAnswer(predicted="a", final="a", trust=trust, light=Light.GREY, bundle="b", bundle_digest="b" * 64)


def test_that_an_answer_of_no_model_is_refused():
    with pytest.raises(ValueError, match="no SHA-256 of a bundle"):
        AiAnswer(predicted="a", final="a", trust=None, light=Light.GREY, bundle="b", bundle_digest="")


def test_that_agreement_and_change_of_mind_compare_the_answers(reader):
    assert reader.review("nevus").agrees is True
    assert reader.review("melanoma").agrees is False
    assert reader.review("melanoma", ai=None, ai_seen=False).agrees is None
    assert changed_mind(reader.first("nevus"), reader.review("melanoma")) is True
    assert changed_mind(reader.first("nevus"), reader.review("nevus")) is False
    assert changed_mind(None, reader.review("nevus")) is None


def test_that_the_answer_for_a_frame_is_the_final_class_rounded_as_in_tables():
    assessment = Assessment(
        classes=("nevus", "melanoma"),
        probabilities=np.array([0.9, 0.1]),
        predicted=0,
        final=1,
        trail="an opinion spoke",
        rows=(),
        trust=0.12345678,
        light=Light.RED,
        reason="because",
    )
    answer = AiAnswer.of_frame(assessment, "skin 1", "b" * 64)
    assert (answer.predicted, answer.final, answer.trust, answer.light) == ("nevus", "melanoma", 0.123457, Light.RED)


def test_that_the_answer_for_a_clip_is_its_verdict():
    verdict = ClipVerdict(
        classes=("a", "b"),
        frames=3,
        failed=1,
        probabilities=(0.25, 0.75),
        predicted="b",
        final="b",
        least_trusted=1,
        trust=None,
        light=Light.GREY,
        reason="a frame failed",
        error="1 of 3 frames failed",
    )
    answer = AiAnswer.of_clip(verdict, "lung 1", "c" * 64)
    assert (answer.predicted, answer.final, answer.trust, answer.light) == ("b", "b", None, Light.GREY)


def test_that_a_clip_is_named_by_path_uids_and_digest_and_never_by_its_patient():
    clip = Clip(
        path=Path("scans/a.dcm"),
        kind="dicom",
        frames=1,
        rows=1,
        columns=1,
        photometric="RGB",
        patient_name="Doe^Jane",
        patient_id="4711",
        study_uid="1.2",
        series_uid="1.2.3",
    )
    subject = Subject.of_clip(clip, "1.2", "a" * 64)
    assert subject == Subject(study="1.2", series="1.2.3", file=str(Path("scans/a.dcm")), digest="a" * 64)


def test_that_what_a_reader_wrote_and_looked_at_stays_out_of_logs(reader):
    words = repr(reader.review(note="Jane")) + repr(reader.override(reason="Jane"))
    words += repr(reader.annotation(payload={"text": "Jane"})) + repr(reader.subject)
    assert "Jane" not in words
    assert "scans" not in words
    assert isinstance(reader.review(), Review)
