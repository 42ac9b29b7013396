from viewer.datasets.checks.finding import Severity


def rows(paint, prefix, labels, side, first):
    return [
        {"file": paint(f"{prefix}{n}.png", first + n, side=side).name, "class": label, "patient": f"p{n}"}
        for n, label in enumerate(labels)
    ]


def test_that_sets_of_other_sizes_and_classes_must_not_be_mixed(paint, table, findings):
    one = table(rows(paint, "a", "xy" * 10, 96, 0), "one.csv")
    other = table(rows(paint, "b", "xz" * 10, 130, 100), "other.csv")
    found = findings(one, other)["sets-apart"]
    assert found.severity is Severity.REFUSE
    assert found.sentence.startswith("these sets must not be mixed: their files alone tell them apart, and so they")
    assert found.details[0] == f"{one.data}: 10 x, 10 y"


def test_that_sets_of_other_sizes_with_the_same_classes_are_a_warning(paint, table, findings):
    one = table(rows(paint, "a", "xy" * 10, 96, 0), "one.csv")
    other = table(rows(paint, "b", "xy" * 10, 130, 100), "other.csv")
    assert findings(one, other)["sets-apart"].severity is Severity.WARN


def test_that_sets_of_one_kind_are_fine_and_shared_pictures_are_told(paint, table, findings):
    one = table(rows(paint, "a", "xy" * 10, 96, 0), "one.csv")
    other = table(rows(paint, "b", "xy" * 10, 96, 18), "other.csv")
    found = findings(one, other)
    assert found["sets-apart"].severity is Severity.INFORM
    assert found["content-in-several-sets"].sentence.startswith("the sets share 2 pictures")
