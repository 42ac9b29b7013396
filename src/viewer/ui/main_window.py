"""The main window: puts the panels together and connects them to the desk; it decides nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.basis import Basis
from viewer.domain.errors import BundleRefused
from viewer.domain.image import Clip, Frame, Modality
from viewer.session.edits import EditModel
from viewer.session.preferences import Preferences
from viewer.ui.actions import Actions
from viewer.ui.answering import Answering
from viewer.ui.arrangement import Arrangement
from viewer.ui.bars import build_menus, build_tool_bars
from viewer.ui.beside import Beside
from viewer.ui.canvas.layer import OverlayLayer
from viewer.ui.canvas.view import Canvas
from viewer.ui.clip_walk import ClipWalk
from viewer.ui.cohort_jobs import CohortJobs
from viewer.ui.commands import Commands
from viewer.ui.comparing import Comparing
from viewer.ui.conclusions import Conclusions
from viewer.ui.desk import Desk
from viewer.ui.docks import build_docks, fit_docks
from viewer.ui.drawings import Drawings
from viewer.ui.exploring import Exploring
from viewer.ui.furnishing import Furnishing
from viewer.ui.keeping import SettingsKeeper
from viewer.ui.looks import Looks
from viewer.ui.mask_source import MaskSources
from viewer.ui.measuring import Measuring
from viewer.ui.naming import Naming
from viewer.ui.own_pictures import OwnPictures
from viewer.ui.pane import Pane
from viewer.ui.panels.banner import Banner, bundle_words
from viewer.ui.panels.disagreement import DisagreementPanel
from viewer.ui.panels.explanations import ExplanationsPanel
from viewer.ui.panels.explorer import ExplorerPanel
from viewer.ui.panels.frame_table import FrameTableModel
from viewer.ui.panels.measurements import MeasurementsPanel
from viewer.ui.panels.notice import NoticeStrip
from viewer.ui.panels.problems import ProblemStrip
from viewer.ui.panels.reliability import ReliabilityPanel
from viewer.ui.panels.review import ReviewPanel
from viewer.ui.panels.series_list import SeriesList
from viewer.ui.panels.site import SitePanel
from viewer.ui.panels.timeline import Timeline
from viewer.ui.panels.unsaved import UnsavedStrip
from viewer.ui.panels.worklist import WorklistPanel
from viewer.ui.panes import Panes
from viewer.ui.player import Player
from viewer.ui.presets import Presets
from viewer.ui.reviews import Reviews
from viewer.ui.side_by_side import SideBySide
from viewer.ui.studies import Studies
from viewer.ui.texts import marked, tr
from viewer.ui.values import Values
from viewer.ui.viewing import Viewing
from viewer.ui.widgets.activity import Activity
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.pictures import image_of
from viewer.ui.widgets.pressing import PressingKeys
from viewer.ui.widgets.readout import Readout
from viewer.ui.withholding import Withholding

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.session import Session

TITLE = marked("Reliability viewer")
TIMELINE_BUTTONS = ("previous_frame", "play", "next_frame", "loop", "every_frame")
USUAL_SIZE = (1600, 1000)
SAID_MS = 20_000
DEVICES = {
    "cpu": marked("Model runs on the processor (CPU)"),
    "cuda": marked("Model runs on the graphics card (GPU)"),
}


class MainWindow(QMainWindow):
    """Banner on top, series at the left, picture and timeline in the middle, reliability at the right.

    Attributes:
        preferences: The settings in use; parts follow those that take effect at once.
        keeper: Writes them; only a window on a screen has one.

    Signals:
        closing: The window is about to close, and everything still runs.
    """

    closing = Signal()

    def __init__(self, desk: Desk, session: "Session", reviews: Reviews, values: Values, cohorts: CohortJobs) -> None:
        super().__init__()
        self.desk = desk
        self.reviews = reviews
        self.values = values
        self.cohorts = cohorts
        self.preferences = Preferences(session.settings)
        self.keeper: SettingsKeeper | None = None
        self._actions = Actions(self)
        self.player = Player(desk)
        self.banner = Banner()
        self.problems = ProblemStrip()
        self.unsaved = UnsavedStrip()
        self.unconfirmed = NoticeStrip()
        self.fault = NoticeStrip()
        self.last_time = NoticeStrip()
        self.edits = EditModel()
        self.panes = Panes()
        self.naming = Naming(de_identified=session.settings.de_identified)
        self.furnishing = Furnishing(self.panes, self.naming)
        self.viewing = Viewing(self.panes, self.edits)
        self.timeline = Timeline([self.action(name) for name in TIMELINE_BUTTONS])
        self.series = SeriesList()
        self.worklist = WorklistPanel()
        self.reliability = ReliabilityPanel()
        self.explanations = ExplanationsPanel()
        self.disagreement = DisagreementPanel()
        self.review = ReviewPanel()
        self.frames = FrameTableModel()
        self.site = SitePanel()
        self.measurements = MeasurementsPanel(self.action("delete_shape"), self.action("rename_shape"))
        self.explorer = ExplorerPanel(
            *(self.action(name) for name in ("open_cohort", "next_failure", "previous_failure"))
        )
        self.activity = Activity(self.action("cancel"))
        self.device = label("")
        self.readout = Readout()
        self.recent = QMenu(tr("Open recent"), self)
        self.presets = Presets([self.action(f"preset_{place}") for place in range(1, 10)], self.viewing, self)
        self._build()
        self.arrangement = Arrangement(self)
        settings = session.settings
        withholding = Withholding(on_red=settings.withhold_on_red, read_first=settings.read_first)
        self.conclusions = Conclusions(self, withholding)
        self.answering = Answering(self)
        self.walk = ClipWalk(self)
        self.looks = Looks(self)
        self.preferences.follow("withhold_on_red", self.conclusions.withhold)
        self.preferences.follow("read_first", self.action("read_first").setChecked)
        self.action("read_first").toggled.connect(lambda on: self.apply_setting("read_first", on))
        self.preferences.follow("de_identified", self.action("de_identified").setChecked)
        self.action("de_identified").toggled.connect(lambda on: self.apply_setting("de_identified", on))
        self._commands = Commands(self, session)
        self.side_by_side = SideBySide(self)
        self.drawings = Drawings(self)
        self.measuring = Measuring(self)
        self._connect()
        self.studies = Studies(self)
        self.exploring = Exploring(self)
        self._comparing = Comparing(self)
        self.beside = Beside(self)
        self.mask_source = MaskSources(self)
        self.own_pictures = OwnPictures(self, session)

    @property
    def canvas(self) -> Canvas:
        """The canvas the reader works on."""
        return self.panes.active.canvas

    @property
    def layer(self) -> OverlayLayer:
        """The maps over it."""
        return self.panes.active.layer

    def action(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def apply_setting(self, name: str, value: object) -> None:
        """Change a setting; what follows it takes effect at once, and where the window keeps settings it is kept."""
        self.preferences.change(name, value)

    def refresh_looks(self) -> None:
        """Draw anew what the style sheet does not reach, in the theme in use."""
        self._actions.refresh_icons()
        for pane in self.panes.made:
            pane.canvas.apply_colours()
        self.exploring.refresh()

    def arrange(self, width: int, height: int) -> None:
        """Take a size, and give the docks sizes that suit it."""
        self.resize(width, height)
        fit_docks(self)

    # Building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle(tr(TITLE))
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for strip in (self.problems, self.unsaved, self.unconfirmed, self.fault, self.last_time):
            column.addWidget(strip)
        column.addWidget(self.panes, 1)
        column.addWidget(self.timeline)
        self.setCentralWidget(middle)
        self.menus = build_menus(self, self._actions)
        build_tool_bars(self)
        self.docks = build_docks(self)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.activity)
        self.statusBar().addPermanentWidget(self.readout)
        self.statusBar().addPermanentWidget(self.device)
        self.arrange(*USUAL_SIZE)

    # Connecting --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        PressingKeys(self)
        desk, opener = self.desk, self.desk.opener
        opener.opened.connect(self._clips_opened)
        opener.problem.connect(self.problems.add)
        opener.busy.connect(self.activity.set_opening)
        opener.thumbnail_made.connect(lambda path, small: self.series.clips.set_thumbnail(path, image_of(small)))
        desk.clip_changed.connect(self._clip_changed)
        desk.frame_changed.connect(self._frame_changed)
        desk.frame_unreadable.connect(self._frame_unreadable)
        desk.progress.connect(self.activity.set_progress)
        desk.said.connect(lambda words: self.statusBar().showMessage(self.naming.sentence(words), SAID_MS))
        desk.bundles_found.connect(self._bundles_found)
        desk.bundle_used.connect(self._bundle_used)
        desk.bundle_used.connect(lambda bundle, basis, device: self.reviews.use_bundle(bundle))
        self.reviews.kept.connect(self.unsaved.show_kept)
        self.unsaved.retry_asked.connect(self.reviews.retry)
        self.panes.equip(self.readout.equip)
        self.naming.changed.connect(self._use_names)
        self._use_names()
        self.panes.equip(lambda pane: pane.canvas.painted.connect(lambda: self._painted(pane)))
        self.series.clip_chosen.connect(desk.show_clip)
        self.series.clips.thumbnail_wanted.connect(opener.want_thumbnail)
        self.timeline.track.frame_sought.connect(self.player.seek)
        self.disagreement.frame_sought.connect(self.player.seek)
        self.timeline.speed_chosen.connect(self.player.set_speed)
        self.player.playing_changed.connect(self.action("play").setChecked)
        self.banner.bundle_chosen.connect(self._use_bundle)
        self.banner.modality_chosen.connect(self._say_modality)
        self.reliability.class_chosen.connect(self.explanations.choose_class)
        self.explanations.class_chosen.connect(desk.explain)
        self.explanations.overlays.changed.connect(self.draw_overlays)

    # What the desk says ------------------------------------------------------------------------------------------

    def _clips_opened(self, clips: tuple[Clip, ...]) -> None:
        self.naming.add(clips)
        self.series.clips.add(clips)
        if self.desk.clip is None:
            self.desk.show_clip(clips[0])

    def _clip_changed(self, clip: Clip) -> None:
        names = self.naming.names(clip)
        self.setWindowTitle(f"{names.file} – {tr(TITLE)}")
        self.banner.show_clip(clip, self.desk.modality, names)
        self.series.select(clip)
        self.conclusions.start_over(clip)
        self.panes.active.take_clip(clip, self.desk.frame)
        for name in ("play", "loop", "first_frame", "last_frame"):
            self.action(name).setEnabled(clip.frames > 1)

    def _use_names(self) -> None:
        """Call everything as it may be called now."""
        identity, clip = self.naming.identity, self.desk.clip
        self.series.clips.use_identity(identity)
        self.frames.tell_by(identity.cell)
        self.problems.tell_by(identity.problem)
        self.statusBar().clearMessage()
        if identity.de_identified:
            self.last_time.tell("")
            self.last_time.hide()
        if clip is not None:
            self.setWindowTitle(f"{identity.names(clip).file} – {tr(TITLE)}")
            self.banner.show_names(identity.names(clip))

    def _frame_changed(self, index: int, frame: Frame) -> None:
        self.explanations.expect_another()
        self.panes.active.show_frame(index, frame)
        self.timeline.show_frame(index)

    def _frame_unreadable(self, index: int, sentence: str) -> None:
        self.explanations.expect_another()
        self.panes.active.show_note(index, sentence)
        self.timeline.show_frame(index)
        self.player.shown(index)

    def _painted(self, pane: Pane) -> None:
        self.desk.painted()
        if pane is self.panes.active:
            self.player.shown(pane.index)

    def _bundles_found(self, found: "tuple[Bundle | BundleRefused, ...]") -> None:
        usable = [bundle.manifest for bundle in found if not isinstance(bundle, BundleRefused)]
        self.banner.offer_bundles([(manifest.name, bundle_words(manifest)) for manifest in usable])
        for refused in found:
            if isinstance(refused, BundleRefused):
                self.problems.add(str(refused))

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self.banner.show_bundle(bundle.manifest.name, bundle_words(bundle.manifest))
        self.explanations.offer_classes(bundle.manifest.classes)
        self.device.setText(tr(DEVICES.get(device, device)))

    # What the user does ------------------------------------------------------------------------------------------

    def assess_again(self) -> None:
        """Assess the clip on screen from the beginning."""
        self.start_anew()
        self.desk.assess_again()

    def _use_bundle(self, name: str) -> None:
        self.answering.note_model(name)
        self.start_anew()
        self.desk.use_bundle(name)

    def _say_modality(self, modality: Modality) -> None:
        self.answering.note_modality(modality)
        self.start_anew()
        self.desk.say_modality(modality)

    def start_anew(self) -> None:
        """Forget what was concluded: the answers will be others."""
        self.conclusions.forget()
        if self.desk.clip is not None:
            self.conclusions.start_over(self.desk.clip)

    def draw_overlays(self) -> None:
        """Draw the overlays that are shown over the active picture."""
        shown = self.explanations.overlays.shown()
        self.layer.draw({name: (overlay, look.opacity, look.colour_map) for name, (overlay, look) in shown.items()})

    # Qt ----------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        event.acceptProposedAction()
        self.desk.opener.open(dropped_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything first; once, stay open where something is not saved or not confirmed."""
        self.edits.commit()  # what was just moved is kept as well
        saved, confirmed = self.reviews.may_close(), self.answering.drafts.may_close()
        if not (saved and confirmed):
            event.ignore()
            return
        self.closing.emit()
        self.reviews.close()
        self.player.set_playing(False)
        self.values.close()
        self.cohorts.close()
        self.desk.close()
        super().closeEvent(event)


def dropped_paths(data: QMimeData) -> list[Path]:
    """Files and folders among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
