import numpy as np
import pytest
from PIL import Image

from viewer.datasets.checks.association import association
from viewer.datasets.checks.finding import Severity


def test_that_a_class_with_pictures_of_its_own_size_is_told(paint, table, findings):
    rows = [
        {"file": paint(f"{n}.png", n, side=96 if n % 2 else 120).name, "class": "ab"[n % 2], "patient": f"p{n}"}
        for n in range(40)
    ]
    found = findings(table(rows))["confounded-with-files"]
    assert found.severity is Severity.WARN
    assert "the class can be told from size, format and length" in found.sentence
    assert "balanced accuracy 1.00 (1.00–1.00) where guessing gives .50; alone: size 1.00" in found.sentence


def test_that_the_control_never_learns_and_measures_on_one_patient(paint, table, findings):
    """Sizes that name the patient, not the class, tell nothing about other patients."""
    rng = np.random.default_rng(0)
    labels = rng.permutation([0, 1] * 10)
    rows = [
        {"file": paint(f"{p}-{k}.png", 10 * p + k, side=80 + p).name, "class": "ab"[labels[p]], "patient": f"p{p}"}
        for p in range(20)
        for k in range(4)
    ]
    assert findings(table(rows))["confounded-with-files"].severity is Severity.INFORM


def test_that_a_source_that_goes_with_the_class_is_told_with_its_counts(paint, table, findings):
    rows = [
        {
            "file": paint(f"{n}.png", n).name,
            "class": "ab"[n % 2],
            "patient": f"p{n}",
            "scanner": ("north" if n % 2 else "south") if n < 36 else "west",
        }
        for n in range(40)
    ]
    found = findings(table(rows))["confounded-with-source"]
    assert found.severity is Severity.WARN
    assert found.sentence.startswith("the class goes together with 'scanner' (3 values): Cramér's V .9")
    assert found.sentence.endswith("p 0.001 over 40 groups; 36 of 40 files come from where there is no other class")
    assert found.details[0] in ("north: 18 b", "south: 18 a")
    for n, row in enumerate(rows):
        row["scanner"] = "north" if n % 4 < 2 else "south"
    assert "confounded-with-source" not in findings(table(rows))


def test_that_squares_of_many_sizes_are_taken_for_cut_outs(paint, table, findings):
    def rows(sides):
        return [
            {"file": paint(f"{n}.png", n, side=side).name, "class": "ab"[n % 2], "patient": f"p{n}"}
            for n, side in enumerate(sides)
        ]

    assert findings(table(rows(range(80, 100))))["cut-outs"].severity is Severity.WARN
    assert "cut-outs" not in findings(table(rows([96] * 20)))


def test_that_frames_of_a_clip_are_told_to_be_almost_copies(paint, table, findings, tmp_path):
    rows = []
    for n in range(4):
        frames = [Image.open(paint(f"{n}.png", n)).convert("L")] * 4
        frames = [frame.rotate(0.3 * k) for k, frame in enumerate(frames)]
        frames[0].save(tmp_path / f"{n}.gif", save_all=True, append_images=frames[1:])
        rows.append({"file": f"{n}.gif", "class": "ab"[n % 2], "patient": f"p{n}"})
    told = findings(table(rows))["frames-alike"].sentence
    assert told.startswith("in 4 of 4 clips neighbouring frames are almost copies (median correlation 0.98")


def test_that_association_is_complete_absent_or_not_to_be_told():
    one = list("aabb") * 10
    assert association(one, one, seed=0).strength == pytest.approx(1)
    assert association(one, one, seed=0).p == 0.001
    crossed = association(one, list("abab") * 10, seed=0)
    assert (crossed.strength, crossed.p) == (0, 1)
    assert association(one, ["x"] * 40, seed=0) is None
    assert association(one, [str(n) for n in range(40)], seed=0) is None
