import numpy as np
import pytest

from viewer.domain.display import GreyDisplay
from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.domain.outline import Outline
from viewer.domain.result import (
    Chart,
    Failure,
    Maps,
    Overlay,
    Placed,
    Placement,
    Proposal,
    Score,
    Table,
    Text,
)
from viewer.host import calls
from viewer.host.discovery import Offer
from viewer.host.guard import Guard
from viewer.testing import builders, fakes


@pytest.fixture
def guard():
    guard = Guard(budget_s=20)
    yield guard
    guard.close()


@pytest.fixture
def evidence():
    return builders.evidence(3)


def offer(thing):
    return Offer("plugin", thing)


def placement(**changes):
    place = {"title": "", "value": 0.5, "sample": np.zeros(3), "share": 1.0, "high_is_usual": True, "words": ""}
    return Placement(**place | changes)


def test_that_a_sound_scorer_gives_one_score_for_each_frame(guard, evidence):
    scores = calls.score(guard, offer(fakes.FakeScorer()), evidence, None)
    assert [score.trust for score in scores] == evidence.probabilities.max(axis=1).tolist()


@pytest.mark.parametrize("misbehaviour", fakes.MISBEHAVIOURS)
def test_that_a_scorer_that_misbehaves_fails_on_every_frame(guard, evidence, misbehaviour):
    scorer = fakes.FakeScorer("odd", fakes.MISBEHAVIOURS[misbehaviour])
    answers = calls.score(guard, offer(scorer), evidence, {})
    assert len(answers) == len(evidence)
    for answer in answers:
        assert isinstance(answer, Failure)
        assert answer.summary.startswith("odd ")
    assert guard.last_failure("plugin") == answers[-1]


def test_that_a_fault_in_one_frame_costs_that_frame_alone(guard, evidence):
    scorer = fakes.FakeScorer("odd", lambda e: [Score(trust=0.5), fakes.Unchecked(2.0), Score(trust=None)])
    first, second, third = calls.score(guard, offer(scorer), evidence, {})
    assert first == Score(trust=0.5)
    assert second == Failure(plugin="plugin", stage="score", summary="odd gave a trust that is no number in [0, 1]")
    assert third == Score(trust=None)


def test_that_numpy_numbers_become_plain_ones(guard, evidence):
    scorer = fakes.FakeScorer(answer=lambda e: [Score(trust=np.float32(0.5), raw=np.float64(2))] * 3)
    score = calls.score(guard, offer(scorer), evidence, {})[0]
    assert (type(score.trust), type(score.raw)) == (float, float)


def test_that_a_scorer_never_fitted_gets_an_empty_state(guard, evidence):
    class Asks(fakes.FakeScorer):
        def score(self, evidence, state):
            return [Score(trust=None, note=f"state {dict(state)}")] * len(evidence)

    assert calls.score(guard, offer(Asks()), evidence, None)[0].note == "state {}"


def test_that_all_scorers_answer_in_the_order_of_their_offers(guard, evidence):
    offers = [
        Offer("one", fakes.FakeScorer("a")),
        Offer("two", fakes.FakeScorer("b")),
        Offer("one", fakes.FakeScorer("c")),
    ]
    assert list(calls.score_all(guard, offers, evidence, {})) == ["a", "b", "c"]


def test_that_evidence_cannot_be_written_to(guard, evidence):
    def vandal(evidence):
        evidence.logits[:] = 0
        return fakes.most_probable(evidence)

    assert isinstance(calls.score(guard, offer(fakes.FakeScorer(answer=vandal)), evidence, {})[0], Failure)


def test_that_a_sound_explainer_gives_its_contents(guard, evidence):
    assert calls.explain(guard, offer(fakes.FakeExplainer()), evidence[0])[0].title == "An explainer for tests"


@pytest.mark.parametrize(
    "content",
    [
        Overlay(title="", values=np.full((2, 2), np.inf, np.float32)),
        Overlay(title="", values=np.zeros((2, 2), np.uint8)),
        Chart(title="", labels=("a",), values=np.array([np.nan])),
        Chart(title="", labels=("a",), values=np.array([1.0]), spread=np.array([np.inf])),
        Table(title="", header=("a",), rows=((1,),)),
        Text(title="", body=None),
        Maps(title="", items=(Overlay(title="", values=np.full((2, 2), np.inf, np.float32)),)),
        Maps(title="", items=("a map",)),
        Placed(title="", items=(placement(value=np.nan),)),
        Placed(title="", items=(placement(sample=np.array([0.1, np.inf])),)),
        Placed(title="", items=("a value",)),
        Placed(title="", items=(placement(words=None),)),
        Maps(title="", items=(Overlay(title=7, values=np.zeros((2, 2), np.float32)),)),
        Outline(title="", values=np.full((2, 2), np.nan, np.float32)),
        Outline(title="", values=np.zeros((2, 2), np.uint8)),
        Outline(title="", values=np.zeros((2, 2), np.float32), level=np.inf),
        Outline(title="", values=np.zeros((2, 2), np.float32), legend=7),
        Maps(title="", items=(Overlay(title="", values=np.zeros((2, 2), np.float32)),), outline="a line"),
        "words",
        None,
    ],
    ids=str,
)
def test_that_content_that_cannot_be_shown_is_a_failure(guard, evidence, content):
    explainer = fakes.FakeExplainer("odd", lambda e: [content])
    assert calls.explain(guard, offer(explainer), evidence[0]).summary.startswith("odd gave a")


def test_that_holes_in_an_overlay_are_allowed(guard, evidence):
    overlay = Overlay(title="", values=np.full((2, 2), np.nan, np.float32))
    assert calls.explain(guard, offer(fakes.FakeExplainer(answer=lambda e: [overlay])), evidence[0]) == (overlay,)


def test_that_an_explainer_that_returns_no_sequence_is_a_failure(guard, evidence):
    explainer = fakes.FakeExplainer("odd", lambda e: None)
    assert "odd raised TypeError" in calls.explain(guard, offer(explainer), evidence[0]).summary


def test_that_a_sound_opinion_proposes_a_class(guard, evidence):
    wanted = Proposal(final=3, source="a test", reason="it is the last one")
    assert calls.propose(guard, offer(fakes.FakeOpinion()), evidence, None) == (wanted,) * 3


@pytest.mark.parametrize(
    "answer", [Proposal(final=4, source="", reason=""), Proposal(final=-1, source="", reason=""), 2], ids=str
)
def test_that_a_class_that_does_not_exist_is_a_failure(guard, evidence, answer):
    opinion = fakes.FakeOpinion(answer=lambda e: [answer, None, answer])
    first, second, third = calls.propose(guard, offer(opinion), evidence, None)
    assert isinstance(first, Failure)
    assert second is None
    assert isinstance(third, Failure)


def test_that_a_state_is_kept_as_contiguous_arrays(guard):
    scorer = fakes.FakeScorer(state={"basis": np.arange(6.0).reshape(2, 3).T})
    state = calls.fit(guard, offer(scorer), builders.calibration(2))
    assert state["basis"].flags.c_contiguous
    np.testing.assert_array_equal(state["basis"], [[0, 3], [1, 4], [2, 5]])


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ({"Bad Name": np.zeros(1)}, "named an array 'Bad Name'"),
        ({"list": [1, 2]}, "no array of numbers"),
        ({"objects": np.array([None])}, "no array of numbers"),
        ({"holes": np.array([np.nan])}, "not finite"),
        ({"huge": np.zeros(calls.LARGEST_STATE)}, "more than the 4 MB allowed"),
        (3, "gave a int instead of named arrays"),
    ],
    ids=["name", "list", "objects", "nan", "size", "type"],
)
def test_that_a_state_that_cannot_be_stored_is_a_failure(guard, state, fault):
    failure = calls.fit(guard, offer(fakes.FakeScorer("odd", state=state)), builders.calibration(2))
    assert isinstance(failure, Failure)
    assert fault in failure.summary


class Source:
    def __init__(self, path):
        self.clip = Clip(path=path, kind="raw", frames=2, rows=2, columns=3, photometric="MONOCHROME2")
        self.closed = False

    def decode(self, index):
        if index == 1:
            raise MemoryError("one frame too many")
        return Frame(values=np.zeros((2, 3), np.uint8), grey=GreyDisplay(center=0, width=1))

    def close(self):
        self.closed = True


class RawReader:
    name = "raw"

    def sniff(self, head, path):
        return head[0] == 7

    def open(self, path):
        if path.name == "short.raw":
            raise UnreadableFile(path, reason="it is too short")
        return Source(path)


@pytest.fixture
def reader(guard):
    (reader,) = calls.guarded_readers(guard, [offer(RawReader())])
    return reader


def test_that_a_guarded_reader_opens_and_decodes(reader, tmp_path):
    source = reader.open(tmp_path / "a.raw")
    assert source.clip.frames == 2
    assert source.decode(0).values.shape == (2, 3)
    source.close()


def test_that_a_reader_that_fails_to_sniff_does_not_know_the_file(reader, tmp_path):
    assert reader.sniff(b"\7", tmp_path / "a.raw")
    assert not reader.sniff(b"", tmp_path / "empty.raw")


def test_that_a_readers_own_sentence_is_kept(reader, tmp_path):
    with pytest.raises(UnreadableFile, match="it is too short"):
        reader.open(tmp_path / "short.raw")


def test_that_any_other_fault_of_a_reader_is_one_sentence(reader, tmp_path):
    source = reader.open(tmp_path / "a.raw")
    with pytest.raises(UnreadableFile, match="the reader of plugin plugin failed"):
        source.decode(1)
