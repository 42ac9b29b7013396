"""Made-up cohorts of evaluated cases, as folders."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from viewer.report.cohort import CASES, CohortRecord, cohort_columns, write_features, write_record

CLASSES = ("keratosis", "melanoma", "nevus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case.

    Attributes:
        file: Below the root of the cohort.
        true, final: Classes.
        trust: Combined trust; None for none.
        light: Of the case.
        frame: In the file.
    """

    file: str
    true: str = "nevus"
    final: str = "nevus"
    trust: float | None = 0.5
    light: str = "amber"
    frame: int = 0


def write_made_up_cohort(
    folder: Path,
    cases: Sequence[Case],
    *,
    root: Path | str = "/pictures",
    digest: str = "1" * 64,
    features: bool = True,
) -> Path:
    """Write a cohort without a map; returns its folder.

    Args:
        folder: Made where it does not exist.
        cases: Each a group of its own.
        root: Folder of the pictures.
        digest: Of the model it says it was made with.
        features: Whether there are any: cases of one true class lie together.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CASES).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, cohort_columns(CLASSES, ()), restval="")
        writer.writeheader()
        for number, case in enumerate(cases):
            writer.writerow(
                {
                    "id": f"{case.file}#{case.frame}",
                    "file": case.file,
                    "frame": case.frame,
                    "group": f"group {number}",
                    "true": case.true,
                    "predicted": case.final,
                    "final": case.final,
                    **{f"p_{name}": float(name == case.final) for name in CLASSES},
                    "trust": "" if case.trust is None else case.trust,
                    "light": case.light,
                    "reason": "made up",
                }
            )
    if features:
        rng = np.random.default_rng(0)
        kinds = np.array([CLASSES.index(case.true) for case in cases])
        write_features(
            folder, (10 * np.eye(len(CLASSES))[kinds] + rng.normal(size=(len(cases), 3))).astype(np.float16)
        )
    record = CohortRecord(
        bundle="made-up", version="1", digest=digest, modality="dermoscopy", critical_classes=(), claimed=None,
        root=str(root), rows=len(cases), made="2026-11-25T17:00:00+00:00", device="cpu",
    )  # fmt: skip
    write_record(folder, record)
    return folder
