import pytest

from viewer.datasets.checks.copies import Copy, Likeness
from viewer.datasets.checks.finding import Severity
from viewer.datasets.checks.leaks import find_leaks, merge_copies
from viewer.datasets.sample import Sample


@pytest.fixture
def samples(paint):
    """Four pictures of four patients, the last two the same."""
    return [Sample(paint(f"{name}.png", seed), 0, name) for name, seed in (("a", 1), ("b", 2), ("c", 3), ("d", 3))]


def test_that_parts_without_anything_in_common_do_not_leak(samples):
    assert list(find_leaks({"train": samples[:2], "test": samples[2:]}, [])) == []


def test_that_a_group_in_two_parts_is_a_leak_even_with_other_pictures(samples):
    a, b = samples[:2]
    parts = {"train": [a], "test": [Sample(b.path, 0, "a")]}
    (leak,) = find_leaks(parts, [])
    assert (leak.kind, leak.severity) == ("group-leak", Severity.REFUSE)
    assert leak.sentence.startswith("1 group lies in more than one of the parts train, test")
    assert leak.files == (a.path, b.path)


def test_that_same_and_nearly_same_pictures_in_two_parts_are_leaks(samples):
    a, b, c, d = samples
    copies = [Copy(c.path, d.path, Likeness.BYTES), Copy(a.path, b.path, Likeness.NEAR, 0.97)]
    kinds = [leak.kind for leak in find_leaks({"train": [a, c], "test": [b, d]}, copies)]
    assert kinds == ["content-leak", "near-content-leak"]
    assert list(find_leaks({"train": [a, b], "test": [c, d]}, copies)) == []


def test_that_groups_of_copies_become_one_named_after_the_first(samples):
    _, b, c, d = samples
    copies = [Copy(c.path, d.path, Likeness.BYTES), Copy(b.path, c.path, Likeness.NEAR, 0.96)]
    assert [s.group for s in merge_copies(samples, copies)] == ["a", "b", "b", "b"]
    assert merge_copies(samples, []) == samples


def test_that_a_file_in_two_groups_joins_them(samples):
    twice = [*samples[:2], Sample(samples[0].path, 0, "b")]
    assert {s.group for s in merge_copies(twice, [])} == {"a"}


@pytest.fixture
def rows(paint):
    """Two classes of ten patients, with a split that the makers made."""
    return [
        {
            "file": paint(f"{number}.png", number).name,
            "class": "ab"[number % 2],
            "patient": f"p{number}",
            "orig_split": "test" if number > 15 else "train",
        }
        for number in range(20)
    ]


def test_that_the_split_of_the_makers_is_found_by_its_column_and_checked(rows, table, findings, paint):
    assert not any(kind.startswith("split-") for kind in findings(table(rows)))
    rows[0]["patient"] = "p18"
    rows.append(
        {"file": paint("copy.png", 4).name, "class": "a", "patient": "p4", "orig_split": "test"},
    )
    found = findings(table(rows))
    assert found["split-group-leak"].severity is found["split-content-leak"].severity is Severity.REFUSE
    assert found["split-content-leak"].sentence.startswith("the split of the data: the same picture lies in")
    assert "split-group-leak" not in findings(table(rows), makers_split=False)


def test_that_folders_called_train_and_test_are_a_split(paint, table, findings):
    rows = [
        {"file": f"{part}/{number}.png", "class": "ab"[number % 2], "patient": f"{part}{number}"}
        for part in ("train", "test")
        for number in range(8)
    ]
    for number, row in enumerate(rows):
        paint(row["file"], 1 if number in (1, 9) else 10 + number)
    assert "split-content-leak" in findings(table(rows))


def test_that_copies_that_training_would_divide_are_refused_and_merging_is_named(rows, table, findings, paint):
    rows = [{name: row[name] for name in ("file", "class", "patient")} for row in rows]
    for number in range(20):
        rows.append(
            {"file": paint(f"again{number}.png", number).name, "class": "ab"[number % 2], "patient": f"q{number}"}
        )
    found = findings(table(rows))
    assert found["training-content-leak"].severity is Severity.REFUSE
    assert "without --merge-copies" in found["training-content-leak"].sentence
    assert found["groups-to-merge"].sentence.startswith("40 groups share pictures and are really 20: 20 exact copies")
