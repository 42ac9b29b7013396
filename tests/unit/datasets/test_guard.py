import pytest

from viewer.datasets.guard import LeakGuard
from viewer.datasets.sample import LabelTable, Sample
from viewer.domain.errors import ViewerError


@pytest.fixture
def samples(paint):
    """Four pictures of four patients, the last two the same."""
    return [Sample(paint(f"{name}.png", seed), 0, name) for name, seed in (("a", 1), ("b", 2), ("c", 3), ("d", 3))]


def silent(sentence):
    """Nobody listens."""


def test_that_a_leaking_division_is_refused_with_a_way_out(samples):
    parts = {"train": samples[:3], "certify": samples[3:]}
    with pytest.raises(ViewerError) as refused:
        LeakGuard().check([parts], silent)
    assert refused.value.reason == (
        "the same picture lies in more than one of the parts train, certify, 1 time; --merge-copies keeps copies in "
        "one part, --allow-leaks goes on as it is (viewer check-data shows them)"
    )


def test_that_an_allowed_leak_is_told_for_the_card(samples):
    said = []
    notes = LeakGuard(allow=True).check([{"train": samples[:3], "certify": samples[3:]}], said.append)
    assert notes == tuple(said)
    assert notes == (
        "a leak was allowed: the same picture lies in more than one of the parts train, certify, 1 time",
    )


def test_that_a_division_without_leaks_passes_and_any_fold_may_leak(samples):
    sound = {"train": samples[:2], "certify": samples[2:]}
    assert LeakGuard().check([sound], silent) == ()
    with pytest.raises(ViewerError, match="the same picture"):
        LeakGuard().check([sound, {"train": samples[2:3], "certify": samples[3:]}], silent)


def test_that_merging_puts_copies_into_one_group_and_says_so(samples):
    table = LabelTable(classes=("x",), samples=tuple(samples))
    merged = LeakGuard(merge=True).grouped(table, silent)
    assert merged.groups == ["a", "b", "c", "c"]
    assert merged.notes == ("1 of 4 groups were joined to others that share a picture with them",)
    assert LeakGuard().grouped(table, silent) is table


def test_that_facts_are_kept_between_runs_where_a_file_is_named(samples, tmp_path, monkeypatch):
    guard = LeakGuard(allow=True, shelf=tmp_path / "facts.sqlite")
    guard.check([{"train": samples}], silent)
    monkeypatch.setattr("viewer.datasets.checks.looking.look_at", lambda path: pytest.fail("read again"))
    assert guard.check([{"train": samples[:3], "test": samples[3:]}], silent)
