"""Goes through an evaluated cohort: keeps map, table and legend in step, and opens what the reader asks for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import Clip
from viewer.present.categories import Look, class_looks, kept_back, light_looks, trust_looks, verdict_looks
from viewer.present.wording import WORST_FIRST
from viewer.session.cohorts import BANDS, Colouring, Column, Explored, Wanted
from viewer.ui.case_opening import CaseOpening
from viewer.ui.docks import give_height
from viewer.ui.panels.explorer_model import CaseWords
from viewer.ui.panels.notice import Offer
from viewer.ui.texts import marked, tr
from viewer.ui.theme import current_theme
from viewer.ui.widgets.pictures import image_of

if TYPE_CHECKING:
    from viewer.domain.basis import Basis
    from viewer.engine.bundle import Bundle
    from viewer.evaluation.embedding_map import Floats
    from viewer.ui.main_window import MainWindow

AT_ONCE = 100
"""Cases that are opened as soon as they were gathered; more wait for the button."""
SAID_MS = 8_000

STOPPED = marked("The map was stopped.")
READING = marked("Reading the cohort")
MAKING = marked("Making the map")
UNDER_RED = marked("Truth and answers under red are kept back (cases: {n}).")
READ_FIRST = marked(
    "Read first: truth and the AI's answers of the {n} cases of this cohort are kept back while that mode is on."
)
NO_FEATURES = marked("This cohort holds no features, so that there is no map.")
NO_FAILURE = marked("No case of this cohort is wrong and trusted")
ONE_FAILURE_OF = marked("Wrong and trusted: {place} of {all}")


def looks_of(colouring: Colouring, classes: Sequence[str]) -> tuple[Look, ...]:
    """How each kind of a colouring looks in the theme in use; the last one is what is kept back."""
    theme = current_theme().name
    looks = {
        Colouring.TRUTH: lambda: class_looks(classes, theme),
        Colouring.ANSWER: lambda: class_looks(classes, theme),
        Colouring.TRUST: lambda: trust_looks(BANDS, theme),
        Colouring.LIGHT: lambda: light_looks(WORST_FIRST, theme),
        Colouring.VERDICT: lambda: verdict_looks(theme),
    }
    return (*looks[colouring](), kept_back(theme))


class Exploring:
    """The explorer of a window.

    Attributes:
        explored: The cohort that is open; None while none is.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._panel = window.explorer
        self._jobs = window.cohorts
        self.explored: Explored | None = None
        self._colouring = Colouring.VERDICT
        self._sort = (Column.VERDICT, True)
        self._without: frozenset[int] = frozenset()
        self._chosen: NDArray[np.intp] = np.zeros(0, np.intp)
        self._at = -1
        self._asked = False
        self._used: Bundle | None = None
        self._bundles: tuple[object, ...] = ()
        self._opening = CaseOpening(window)
        self._making = self._reading = False
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether a cohort is being read, or its map made."""
        return self._making or self._reading

    def open(self, folder: Path) -> None:
        """Open a cohort; what was open before is left."""
        self._window.docks["explorer"].show()
        self._window.docks["explorer"].raise_()
        give_height(self._window, "explorer")
        self.explored, self._reading, self._making = None, True, False
        named = tr("A cohort") if self._window.naming.de_identified else folder.name
        self._panel.show_nothing(f"{tr(READING)}: {named} …")
        self._window.activity.set_progress(READING, 0, 1, of="cohort")
        self._jobs.open(folder)

    def refresh(self) -> None:
        """Show everything anew: names, colours, or what may be shown are others."""
        explored = self.explored
        if explored is None:
            return
        self._panel.title.set_words(self._title(explored))
        self._keep_back()
        self._say_model()
        self._show()

    def step_failure(self, by: int) -> None:
        """Open the next (1) or the previous (−1) case that is wrong and trusted, round the ends."""
        explored = self.explored
        if explored is None or self._everything_kept_back:
            return
        failures = explored.silent_failures()
        if not len(failures):
            self._window.statusBar().showMessage(tr(NO_FAILURE), SAID_MS)
            return
        here = np.flatnonzero(failures == self._at)
        place = (int(here[0]) + by if len(here) else (0 if by > 0 else -1)) % len(failures)
        words = tr(ONE_FAILURE_OF).format(place=place + 1, all=len(failures))
        self._window.statusBar().showMessage(words, SAID_MS)
        self._open_one(int(failures[place]))

    # What happens ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        window, panel, jobs = self._window, self._panel, self._jobs
        jobs.opened.connect(self._opened)
        jobs.progress.connect(self._progress)
        jobs.made.connect(self._made)
        window.desk.opener.cohort_found.connect(self.open)
        window.desk.bundle_used.connect(self._bundle_used)
        window.desk.bundles_found.connect(lambda found: setattr(self, "_bundles", found))
        window.desk.clip_changed.connect(lambda clip: self._follow(clip))
        window.naming.changed.connect(self.refresh)
        window.action("read_first").toggled.connect(lambda on: self.refresh())
        window.preferences.follow("withhold_on_red", lambda on: self.refresh())
        window.action("cancel").triggered.connect(lambda: jobs.stop())
        panel.making.stopped.connect(jobs.stop)
        panel.making.begun.connect(self._make)
        panel.colouring_chosen.connect(self._colour_by)
        panel.wanted_changed.connect(self._show)
        panel.kind_toggled.connect(self._toggle)
        panel.sort_asked.connect(self._sort_by)
        panel.case_pointed.connect(self._point)
        panel.case_opened.connect(self._open_one)
        panel.cases_chosen.connect(self._choose)
        panel.cases_gathered.connect(self._gather)
        panel.open_asked.connect(lambda: self._open(self._chosen))

    def _opened(self, answer: Explored | ViewerError) -> None:
        self._reading = False
        self._window.activity.set_progress("", 0, 0, of="cohort")
        if isinstance(answer, ViewerError):
            self._panel.show_nothing(self._window.naming.identity.problem(str(answer)))
            return
        self.explored = answer
        self._colouring, self._sort, self._without = Colouring.VERDICT, (Column.VERDICT, True), frozenset()
        self._chosen, self._at, self._asked = np.zeros(0, np.intp), -1, False
        self._panel.show_cohort(self._title(answer), answer)
        self.refresh()
        if answer.positions is None:
            self._make()

    def _make(self) -> None:
        explored = self.explored
        if explored is None:
            return
        if explored.cohort.features is None:
            self._panel.making.tell(tr(NO_FEATURES))
            return
        self._making = True
        self._progress(0, 1)
        self._jobs.make_map(explored.cohort)

    def _progress(self, done: int, total: int) -> None:
        if self._making:
            self._panel.making.progress(done, total)
            self._window.activity.set_progress(MAKING, done, total, of="cohort")

    def _made(self, answer: "Floats | ViewerError") -> None:
        self._making = False
        self._window.activity.set_progress("", 0, 0, of="cohort")
        if self.explored is None:
            return
        if isinstance(answer, ViewerError):
            told = tr(STOPPED) if isinstance(answer, JobCancelled) else str(answer)
            self._panel.making.tell(self._window.naming.identity.problem(told), can_begin=True)
            return
        self.explored = replace(self.explored, positions=answer)
        self._panel.show_map(answer)
        self._show()

    def _bundle_used(self, bundle: "Bundle", basis: "Basis", device: str) -> None:
        self._used = bundle
        self._say_model()

    def _follow(self, clip: Clip) -> None:
        """Another picture is on screen: where it is a case, that is the one the reader is at."""
        explored = self.explored
        case = -1 if explored is None else explored.places.get((str(clip.path), self._window.desk.frame), -1)
        if case >= 0 and case != self._at:
            self._choose(self._chosen if case in self._chosen else np.array([case]), case)

    # What may be shown -------------------------------------------------------------------------------------------

    @property
    def _everything_kept_back(self) -> bool:
        return self._window.action("read_first").isChecked() and not self._asked

    def _keep_back(self) -> None:
        """Keep back what the reader has not asked for, and say so."""
        explored = self.explored
        if explored is None:
            return
        red, everything = explored.under_red, self._everything_kept_back
        on_red = self._window.preferences.settings.withhold_on_red and not self._asked
        concealed = np.ones(len(explored), np.bool_) if everything else red & on_red
        self.explored = replace(explored, concealed=concealed)
        words = ""
        if everything:
            words = tr(READ_FIRST).format(n=len(explored))
        elif concealed.any():
            words = tr(UNDER_RED).format(n=int(concealed.sum()))
        tip = tr("Show truth and answers of this cohort, whatever is kept back elsewhere")
        self._panel.show_withheld(words, Offer(tr("Show all the same"), tip, self._show_all), everything=everything)
        told = (place for place, case in explored.places.items() if not concealed[case])
        self._window.conclusions.told_elsewhere(told)

    def _show_all(self) -> None:
        self._asked = True
        self.refresh()

    def _say_model(self) -> None:
        """Say where another model answers now than the one the cohort was evaluated with."""
        strip, explored, used = self._panel.other_model, self.explored, self._used
        if explored is None or used is None or used.digest == explored.cohort.record.digest:
            strip.hide()
            return
        record, name = explored.cohort.record, used.manifest.name
        words = tr("Evaluated with {model} {version}; opened pictures are judged by {other} {its}, which may differ.")
        told = words.format(model=record.bundle, version=record.version, other=name, its=used.manifest.version)
        known = [found for found in self._bundles if getattr(found, "digest", "") == record.digest]
        choose = self._window.banner.bundle_chosen.emit
        tip = tr("Judge opened pictures by the model of the cohort")
        strip.tell(
            told,
            *[Offer(tr("Use {model}").format(model=record.bundle), tip, lambda: choose(record.bundle))][: len(known)],
        )

    # Showing -----------------------------------------------------------------------------------------------------

    def _title(self, explored: Explored) -> str:
        record = explored.cohort.record
        name = tr("A cohort") if self._window.naming.de_identified else explored.cohort.folder.resolve().name
        words = tr("{cohort} · {n} cases · {model} {version}")
        return words.format(cohort=name, n=len(explored), model=record.bundle, version=record.version)

    def _words(self, explored: Explored) -> CaseWords:
        return CaseWords(explored, de_identified=self._window.naming.de_identified)

    def _show(self) -> None:
        """Show the cases that are wanted, in order, in their colours."""
        explored, colouring = self.explored, self._colouring
        if explored is None:
            return
        wanted = self._panel.wanted
        if self._window.naming.de_identified:
            wanted = replace(wanted, words="")
        kinds, count = explored.kinds(colouring)
        looks = looks_of(colouring, explored.classes)
        among = explored.wanted(wanted, colouring)
        counts = np.bincount(kinds[among], minlength=count).tolist()
        shown = among & explored.wanted(Wanted(without=self._without), colouring)
        column, ascending = self._sort
        order = explored.ordered(column, ascending=ascending)
        self._panel.legend.show_kinds(looks, counts, self._without)
        self._panel.show_kinds(kinds, looks, shown)
        self._panel.show_cases(self._words(explored), order[shown[order]])
        self._choose(self._chosen, self._at)

    def _colour_by(self, colouring: Colouring) -> None:
        self._colouring, self._without = colouring, frozenset()
        self._show()

    def _toggle(self, kind: int) -> None:
        self._without ^= {kind}
        self._show()

    def _sort_by(self, column: Column, ascending: bool) -> None:
        self._sort = column, ascending
        self._show()

    def _choose(self, cases: NDArray[np.intp], at: int) -> None:
        """The reader chose cases in the table or on the map, or opened one."""
        explored = self.explored
        if explored is None:
            return
        self._chosen, self._at = cases, at
        told = at if at >= 0 else (int(cases[0]) if len(cases) == 1 else -1)
        facts = "  ·  ".join(self._words(explored).facts(told)) if told >= 0 else ""
        self._panel.show_choice(cases, told, facts)
        self._panel.table.choose(cases, at)

    def _point(self, case: int, place: QPointF) -> None:
        """The mouse is over a point of the map."""
        explored = self.explored
        if explored is None or case < 0:
            self._panel.show_card((), place)
            self._window.desk.opener.look_at(None)
            return
        self._panel.show_card(self._words(explored).facts(case), place)

        def show(answer: NDArray[np.uint8] | ViewerError) -> None:
            image = None if isinstance(answer, ViewerError) else image_of(answer)
            self._panel.show_thumbnail(image, tr("no picture"))

        self._window.desk.opener.look_at((explored.files[case], int(explored.frames[case])), show)

    # Opening -----------------------------------------------------------------------------------------------------

    def _gather(self, cases: NDArray[np.intp]) -> None:
        """Cases were gathered on the map: few are opened at once."""
        self._choose(cases, int(cases[0]) if len(cases) else -1)
        if 0 < len(cases) <= AT_ONCE:
            self._open(cases)

    def _open_one(self, case: int) -> None:
        self._choose(np.array([case]), case)
        self._open(np.array([case]))

    def _open(self, cases: NDArray[np.intp]) -> None:
        if self.explored is not None and len(cases):
            self._opening.open(self.explored, cases)
