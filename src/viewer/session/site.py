"""The cases seen here with a model, kept without names, and whether they still are like those of its calibration."""

import threading
from typing import TYPE_CHECKING

from viewer.assessment.drift import DriftTest
from viewer.assessment.drift_cases import Counting, calibration_cases
from viewer.domain.drift import Case, SiteView
from viewer.domain.image import Clip
from viewer.store.identity import content_digest

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.store.site_record import SiteRecord


class Site:
    """One model's part of the record; methods may be called from any thread.

    What other viewers add to the same record is read along, so that all of them see the same cases in one order.
    """

    def __init__(self, bundle: "Bundle", record: "SiteRecord") -> None:
        """Prepare; the record is read when something is asked."""
        self.digest = bundle.digest
        self._classes = bundle.manifest.classes
        self._calibration = calibration_of(bundle)
        self._record = record
        self._lock = threading.RLock()
        self._last = 0
        self._start()

    def view(self) -> SiteView:
        """How the site stands, with all that has been recorded by now.

        Raises:
            ViewerError: The record cannot be read.
        """
        with self._lock:
            for entry in self._record.entries(self.digest, self._last):
                self._last = entry.sequence
                if entry.case is None:
                    self._start()
                elif entry.case.predicted in self._classes:
                    self._cases.append(entry.case)
                    self._test.take(entry.case)
            return SiteView(
                classes=self._classes,
                calibration=self._calibration,
                cases=tuple(self._cases),
                drift=self._test.drift,
            )

    def add(self, clip: Clip, case: Case) -> SiteView:
        """Record a case, unless it has been: a patient counts once, whose files do not say so a file.

        Raises:
            ViewerError: The file cannot be read for its digest, or the case not be kept.
        """
        self._record.add(self.digest, whose(clip), case)
        return self.view()

    def start_again(self, reader: str) -> SiteView:
        """A person decides that what was seen counts no more.

        Raises:
            ViewerError: It could not be recorded.
        """
        self._record.start_again(self.digest, reader)
        return self.view()

    def _start(self) -> None:
        self._cases: list[Case] = []
        self._test = DriftTest(self._calibration, self._classes)


def counting_of(bundle: "Bundle") -> Counting:
    """What turns pictures judged by a model into cases."""
    return Counting(
        classes=bundle.manifest.classes,
        certificate=bundle.certificate,
        clip_certificate=bundle.clip_certificate,
    )


def calibration_of(bundle: "Bundle") -> tuple[Case, ...]:
    """The cases of a model's certify groups."""
    rows = bundle.rows("certify")
    counting = counting_of(bundle)
    return calibration_cases(rows, counting, weights=bundle.combination, distributions=bundle.distributions)


def whose(clip: Clip) -> str:
    """What tells a case from others: the patient, else the content of the file.

    Raises:
        ViewerError: The file cannot be read.
    """
    return f"patient {clip.patient_id}" if clip.patient_id else f"file {content_digest(clip.path)}"
