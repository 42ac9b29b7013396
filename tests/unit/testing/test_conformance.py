import numpy as np
import pytest

from viewer.domain.command import Command
from viewer.domain.display import GreyDisplay
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import Need
from viewer.domain.image import Clip, Frame
from viewer.domain.result import Overlay, Score
from viewer.testing import conformance, fakes
from viewer.testing.fakes import FakeExplainer, FakeOpinion, FakeScorer

LOGITS = frozenset({Need.LOGITS})


def test_that_a_sound_scorer_conforms():
    conformance.check_scorer(FakeScorer())


def test_that_a_sound_explainer_and_opinion_conform():
    conformance.check_explainer(FakeExplainer())
    conformance.check_opinion(FakeOpinion())


@pytest.mark.parametrize("misbehaviour", fakes.MISBEHAVIOURS)
def test_that_every_known_misbehaviour_is_found(misbehaviour):
    with pytest.raises(AssertionError, match="does not conform"):
        conformance.check_scorer(FakeScorer(answer=fakes.MISBEHAVIOURS[misbehaviour]))


def test_that_a_misspelt_member_is_found():
    assert conformance.scorer_faults(object()) == [
        "object is no scorer: it lacks about, fit, name, needs, score, title, version"
    ]


def faults_of(answer, **options):
    return " ".join(conformance.scorer_faults(FakeScorer(answer=answer, **options)))


def test_that_a_scorer_of_chance_is_found():
    random = np.random.default_rng(0)
    assert "differently the second time" in faults_of(lambda e: [Score(trust=t) for t in random.random(len(e))])


def test_that_a_scorer_that_looks_at_the_neighbours_is_found():
    def relative(evidence):
        best = evidence.probabilities.max(axis=1)
        return [Score(trust=value) for value in (best / best.max()).tolist()]

    assert "depends on the other frames of its batch" in faults_of(relative)


def test_that_an_undeclared_need_is_found():
    def nosy(evidence):
        return [Score(trust=float(evidence.features is not None))] * len(evidence)

    assert "evidence it does not need by its own word" in faults_of(nosy, needs=LOGITS)


def test_that_a_state_that_changes_from_fit_to_fit_is_found():
    class Moody(FakeScorer):
        fits = 0

        def fit(self, calibration):
            self.fits += 1
            return {"count": np.array([self.fits])}

    assert "learns something else" in " ".join(conformance.scorer_faults(Moody()))


def test_that_a_scorer_that_cannot_do_without_calibration_is_found():
    class Needy(FakeScorer):
        def score(self, evidence, state):
            return [Score(trust=float(state["level"][0]))] * len(evidence)

    faults = conformance.scorer_faults(Needy(state={"level": np.array([0.5])}))
    assert any("never fitted" in fault and "KeyError" in fault for fault in faults)


@pytest.mark.parametrize("family", [7, "Not a name", None])
def test_that_a_family_that_is_no_scorer_s_name_is_found(family):
    scorer = FakeScorer()
    scorer.family = family
    assert "folded under" in conformance.scorer_faults(scorer)[0]


def test_that_an_overlay_of_infinities_is_found():
    overlay = Overlay(title="", values=np.full((2, 2), np.inf, np.float32))
    assert "not finite" in conformance.explainer_faults(FakeExplainer(answer=lambda e: [overlay]))[0]


class RawSource:
    def __init__(self, path, rows):
        self.clip = Clip(path=path, kind="raw", frames=3, rows=rows, columns=2, photometric="MONOCHROME2")

    def decode(self, index):
        return Frame(values=np.zeros((2, 2), np.uint8), grey=GreyDisplay(center=0, width=1))

    def close(self):
        pass


class RawReader:
    name = "raw"
    rows = 2

    def sniff(self, head, path):
        return head.startswith(b"RAW")

    def open(self, path):
        if len(path.read_bytes()) < 4:
            raise UnreadableFile(path, reason="it is too short")
        return RawSource(path, self.rows)


@pytest.fixture
def files(tmp_path):
    good, broken = tmp_path / "good.raw", tmp_path / "broken.raw"
    good.write_bytes(b"RAW pixels")
    broken.write_bytes(b"RAW")
    return good, broken


def test_that_a_sound_reader_conforms(files):
    conformance.check_reader(RawReader(), *files)


def test_that_a_reader_whose_frames_have_another_size_is_found(files):
    class Wrong(RawReader):
        rows = 5

    assert conformance.reader_faults(Wrong(), files[0]) == ["frame 2 is (2, 2), the clip says (5, 2)"]


def test_that_a_reader_that_swallows_a_broken_file_is_found(files):
    good, _ = files
    assert conformance.reader_faults(RawReader(), good, good) == ["it reads a broken file without complaint"]


def command(
    add_arguments=lambda parser: parser.add_argument("--sheep", type=int, default=0), run=lambda args: args.sheep
):
    return Command(name="count-sheep", summary="counts the sheep", add_arguments=add_arguments, run=run)


def test_that_a_sound_command_conforms():
    conformance.check_command(command())
    conformance.check_command(command(), "--sheep", "3")


def test_that_a_command_may_end_in_a_sentence():
    def refuses(args):
        raise ViewerError("there are no sheep")

    assert conformance.command_faults(command(run=refuses), "--sheep", "3") == []


@pytest.mark.parametrize(
    ("add_arguments", "fault"),
    [
        (lambda parser: print("welcome"), "it prints before it is run"),
        (lambda parser: parser.add_argument("--help"), "adding its arguments raised ArgumentError"),
        (lambda parser: parser.add_argument("--wool", help="100 %"), "writing its help raised ValueError"),
    ],
)
def test_that_arguments_that_cannot_be_used_are_found(add_arguments, fault):
    assert fault in " ".join(conformance.command_faults(command(add_arguments)))


def test_that_a_command_without_an_exit_status_is_found():
    assert "no exit status" in " ".join(conformance.command_faults(command(run=lambda args: None), "--sheep", "3"))
    with pytest.raises(AssertionError, match="a command train of its own"):
        conformance.check_command(Command(name="train", summary="s", add_arguments=print, run=print))
