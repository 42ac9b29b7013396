"""The report of a verification: shows the pictures that are typical and strange to the model."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from viewer.domain.errors import ViewerError
from viewer.domain.verification import Beside, Verification
from viewer.engine.surroundings import Place
from viewer.report.evaluation_cards import Shown
from viewer.report.model_facts import model_facts
from viewer.report.verification_page import Pictured, VerificationSubject, write_verification
from viewer.session.case_pictures import shown
from viewer.session.pictures import surroundings_of
from viewer.session.verified import GATE_METRICS, Seen
from viewer.session.verifying import Verifying

SHOWN = 6
"""Pictures of either kind."""

ATTENTION = "attention"
"""The scorer that tells how usual attention is, where it is installed and was fitted for the model."""


def report_verification(
    verifying: Verifying, found: Verification, folder: Path, beside: Beside | None = None
) -> None:
    """Write `report.json` and `index.html` of a verification.

    Args:
        verifying: Which found it.
        found: What it came to.
        folder: Where the report goes.
        beside: What a second model says; None without one.

    Raises:
        ViewerError: It cannot be written.
    """
    name = next((name for name in (ATTENTION, *GATE_METRICS) if name in found.by_name), "")
    values = np.array([one.value(name) for one in verifying.seen])
    known = np.flatnonzero(np.isfinite(values))
    strange = known[np.argsort(values[known], kind="stable")][:SHOWN]
    rest = np.setdiff1d(known, strange)
    middle = np.median(values[known]) if len(known) else 0.0
    typical = rest[np.argsort(np.abs(values[rest] - middle), kind="stable")][:SHOWN]

    def pictured(rows: Sequence[int]) -> list[Pictured]:
        return [_pictured(verifying, verifying.seen[row], float(values[row])) for row in rows]

    write_verification(
        VerificationSubject(
            found=found,
            facts=model_facts(verifying.bundle),
            ranked_by=found.by_name[name].title if name else "",
            typical=pictured(typical.tolist()),
            strange=pictured(strange.tolist()),
            beside=beside,
        ),
        folder,
    )


def _pictured(verifying: Verifying, seen: Seen, value: float) -> Pictured:
    """One picture; one that cannot be shown any more costs its picture, never the report."""
    try:
        with closing(verifying.open_file(seen.file)) as source:
            place = Place(surroundings_of(source), seen.frame or 0)
            pictures = shown(place, seen.answer, verifying.assessor)
    except ViewerError as error:
        pictures = Shown(picture="", note=f"cannot be shown: {error.reason}")
    return Pictured(
        file=seen.file,
        frame=seen.frame,
        answer=verifying.bundle.manifest.classes[seen.answer],
        told=f"{value:.3f}",
        shown=pictures,
    )
