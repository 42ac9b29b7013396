"""Which labelled cases may weigh and certify an ensemble."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from viewer.datasets.sample import Sample
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle, read_bundle, write_bundle
from viewer.testing.bundles import tiny_bundle
from viewer.training.ensembling import divide

Tell = Callable[..., Bundle]


def names(first: int, last: int) -> list[str]:
    return [f"patient {number:02d}" for number in range(first, last)]


def samples(count: int) -> list[Sample]:
    return [Sample(path=Path(f"{name}.png"), label=n % 3, group=name) for n, name in enumerate(names(0, count))]


def groups(chosen: Sequence[Sample]) -> list[str]:
    return [sample.group for sample in chosen]


@pytest.fixture
def telling(tmp_path: Path) -> Tell:
    """A bundle whose tables name these groups."""

    def make(name: str, fit: Sequence[str] = (), certify: Sequence[str] = ()) -> Bundle:
        plain = read_bundle(tiny_bundle(tmp_path, name=name))
        tables = {
            part: [{"group": pseudonym(group)} for group in chosen]
            for part, chosen in (("fit", fit), ("certify", certify))
        }
        return write_bundle(plain.path, plain.manifest, plain.weights(), card=plain.card, predictions=tables)

    return make


def test_that_groups_a_member_was_trained_on_are_left_out(telling: Tell) -> None:
    members = [
        telling("a", fit=names(20, 30), certify=names(30, 60)),
        telling("b", fit=names(30, 40), certify=names(40, 70)),
    ]
    division = divide(members, samples(80), seed=0)
    assert groups(division.certify) == names(40, 60)
    assert groups(division.fit) == names(30, 40)
    assert groups(division.training) == names(0, 20) + names(70, 80)
    assert division.note == "30 of 80 groups are told by the members' tables not to have trained any"


def test_that_a_member_that_cannot_tell_is_named(telling: Tell) -> None:
    members = [telling("a", fit=names(20, 30), certify=names(30, 60)), telling("b")]
    division = divide(members, samples(80), seed=0)
    assert groups(division.certify) == names(30, 60)
    assert not division.training
    assert division.note.endswith("; b cannot tell which groups it was trained on: make sure none of these was")


def test_that_groups_are_dealt_where_no_member_can_tell(telling: Tell) -> None:
    division = divide([telling("a"), telling("b")], samples(80), seed=0)
    assert len(division.fit) == 30
    assert len(division.certify) == 50
    assert division.note.startswith("a, b cannot tell")


@pytest.mark.parametrize("held", [(20, 25, 35), (20, 20, 60), (20, 60, 60)])
def test_that_too_few_groups_are_refused(telling: Tell, held: tuple[int, int, int]) -> None:
    start, middle, end = held
    members = [telling(name, fit=names(start, middle), certify=names(middle, end)) for name in "ab"]
    with pytest.raises(ViewerError, match="that no member was trained on are too few to weigh an ensemble"):
        divide(members, samples(80), seed=0)
