from viewer.datasets.checks.finding import Severity


def test_that_classes_are_counted_and_scarce_ones_named(paint, table, findings):
    labels = ["a"] * 60 + ["b"] * 5
    rows = [{"file": paint(f"{n}.png", n).name, "class": label, "patient": f"p{n}"} for n, label in enumerate(labels)]
    found = findings(table(rows))
    assert found["class-balance"].severity is Severity.WARN
    assert found["class-balance"].details == ("a: 60 files of 60 groups", "b: 5 files of 5 groups")
    assert found["scarce-classes"].sentence == ("training needs 7 groups of a class at least; too few have 'b' (5)")
