from viewer.evaluation.halves import halves
from viewer.testing import builders


def test_that_the_halves_share_no_patient_and_have_the_same_classes():
    data = builders.calibration(24, classes=4)
    first, second = halves(data)
    assert not first & second
    assert len(first) == len(second) == 12
    classes = {group: label for batch in data for group, label in zip(batch.groups, batch.labels, strict=True)}
    for half in (first, second):
        assert sorted(classes[group] for group in half) == sorted([0, 1, 2, 3] * 3)
