"""The commands that need the window: wiring only."""

import argparse
import ctypes
import logging
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from viewer.cli.mask_arguments import add_mask_sources, mask_source
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.host.discovery import PluginHost
from viewer.io.prefetch import FrameStore
from viewer.report.cohort import read_record
from viewer.resources import fault_reports, memory_file, settings_file, site_record
from viewer.session.fault_reports import FaultReport, FaultReports, Running, gather
from viewer.session.jobs import ThreadedJobs
from viewer.session.remembered import MemoryFile
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.store.identity import current_reader
from viewer.store.journal import Journal, database_path
from viewer.store.site_record import SiteRecord
from viewer.ui import theme
from viewer.ui.bridge import Bridge
from viewer.ui.cohort_jobs import CohortJobs
from viewer.ui.desk import Desk
from viewer.ui.faults import FaultNotice, note_commands
from viewer.ui.keeping import SettingsKeeper
from viewer.ui.language import speak
from viewer.ui.main_window import MainWindow
from viewer.ui.opening import Opener
from viewer.ui.panes import Layout
from viewer.ui.remembering import Remembering
from viewer.ui.reviews import Reviews
from viewer.ui.site_watch import SiteWatch
from viewer.ui.snapshot import Shot, take
from viewer.ui.tidying import Tidying
from viewer.ui.values import Values

SWITCH_INTERVAL_S = 0.0004
"""How soon the interpreter hands over to the GUI thread while others compute; the default is twelve times that."""

_M_ARENA_MAX = -8
"""Of glibc's malloc.h."""

LARGEST = (1680, 1050)


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `open`, `explore` and `snapshot`."""
    window = subparsers.add_parser("open", help="open the window")
    _add_shared(window, "*")
    window.set_defaults(func=run_open)
    explore = subparsers.add_parser("explore", help="open an evaluated cohort in the window")
    _add_shared(explore, 1, "DIR", "folder that viewer evaluate wrote with --html")
    explore.set_defaults(func=run_explore)
    snapshot = subparsers.add_parser("snapshot", help="write a picture of the window; needs no screen")
    _add_shared(snapshot, "+")
    snapshot.add_argument("--out", type=Path, required=True, metavar="PNG", help="where to write the picture")
    snapshot.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH", help="default 1600x1000")
    layouts = [layout.value for layout in Layout]
    snapshot.add_argument("--layout", choices=layouts, default="1x1", help="pictures side by side (default 1x1)")
    snapshot.add_argument("--frame", type=int, default=0, metavar="N", help="frame of the first clip, from 0")
    snapshot.add_argument(
        "--explanation", default="", metavar="NAME", help="page to turn to, such as uncertainty or map"
    )
    snapshot.add_argument("--wait", type=float, default=60.0, metavar="S", help="longest wait for a whole clip")
    snapshot.set_defaults(func=run_snapshot)


def run_open(args: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    if not _has_screen():
        raise ViewerError("there is no screen here; viewer snapshot writes a picture of the window instead")
    app = make_application(args.theme)
    reports = FaultReports(fault_reports())
    logging.getLogger("viewer").addHandler(reports)
    window = build_window(args, record=lambda: SiteRecord(site_record()))
    Tidying(window)
    window.arrange(*_comfortable(app))
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="viewer-settings")
    window.keeper = SettingsKeeper(window, settings_file(), thread)
    ended_badly, restore = gather(fault_reports()), window.preferences.settings.restore_session
    if ended_badly and restore == "always":
        restore = "ask"  # what was open may have been the cause
    memory, room = remembering(window), app.primaryScreen().availableSize()
    memory.begin(restore, room, asked=bool(args.paths))
    running = watch(window, reports, ended_badly)
    window.show()
    memory.greet()
    if args.paths:
        window.desk.opener.open(args.paths)
    else:
        QTimer.singleShot(0, window.desk.list_bundles)
    try:
        return app.exec()
    finally:
        running.close()


def run_explore(args: argparse.Namespace) -> int:
    """Open the window with an evaluated cohort."""
    (folder,) = args.paths
    read_record(folder)
    return run_open(args)


def run_snapshot(args: argparse.Namespace) -> int:
    """Write a picture of the window once its work is done."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_tell_of_qt)
    app = make_application(args.theme)
    window = build_window(args)
    try:
        layout = Layout(args.layout)
        take(app, window, Shot(args.paths, args.out, args.size, args.frame, args.wait, layout, args.explanation))
    finally:
        window.close()
    return 0


def build_window(args: argparse.Namespace, record: Callable[[], SiteRecord] | None = None) -> MainWindow:
    """The main window with everything behind it; neither torch nor a plugin is imported yet.

    Args:
        args: As `open` and `snapshot` have them.
        record: Opens the record of the cases seen here; None for a window without a past.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    settings = Settings.load()
    session = Session(settings, PluginHost(settings), record=record)
    bridge = Bridge()
    store = FrameStore(settings.frame_cache_mb * 2**20)
    modality = Modality(args.modality or settings.modality or Modality.UNKNOWN)
    opener = Opener(session, store, ThreadedJobs("viewer-files"), bridge)
    desk = Desk(
        session, store, ThreadedJobs(), opener, bridge, bundle=args.bundle, second=args.second, modality=modality
    )
    desk.models.masks = mask_source(args)
    session.notify = bridge.relay(desk.said.emit)
    journal_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="viewer-journal")
    database = database_path(settings)
    reviews = Reviews(lambda: Journal(database), journal_thread, current_reader(), bridge, database.exists)
    values = Values(opener, store, ThreadedJobs("viewer-values"), bridge)
    cohorts = CohortJobs(ThreadedJobs("viewer-cohorts"), bridge)
    window = MainWindow(desk, session, reviews, values, cohorts)
    SiteWatch(window, session, ThreadPoolExecutor(max_workers=1, thread_name_prefix="viewer-site"))
    return window


def watch(window: MainWindow, reports: FaultReports, before: Sequence[FaultReport]) -> Running:
    """Have faults told in the window, and how viewers before it ended; close the answer at the end."""
    bridge, notice = Bridge(window), FaultNotice(window.fault, window)
    reports.tell = bridge.relay(notice.went_wrong)
    notice.ended_badly(before)
    running = Running(fault_reports(), ThreadPoolExecutor(max_workers=1, thread_name_prefix="viewer-faults"))
    note_commands(window, reports.commands.append)
    note_commands(window, running.note)
    window.closing.connect(bridge.close)
    return running


def remembering(window: MainWindow) -> Remembering:
    """The memory of a window on a screen; it still has to begin."""
    memory = MemoryFile(memory_file())
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="viewer-memory")
    made = Remembering(window, memory, thread, memory.read())
    made.equip("second", window.beside.kept, window.beside.restore)
    made.equip("masks", window.mask_source.kept, window.mask_source.restore)
    made.equip("panes", window.side_by_side.kept, window.side_by_side.restore)
    made.private = lambda: window.naming.de_identified
    return made


def _share_one_heap() -> None:
    """Let all threads allocate from one heap: with glibc's heap per thread, freed frames stay behind in each of them.

    Saves some 60 MB while a clip is assessed; only works before Qt starts its threads. Other C libraries have no such
    option and need none.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def make_application(name: str | None) -> QApplication:
    """Qt's application in the settings' language and in the colours of the named theme, by default the settings'."""
    _share_one_heap()
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("viewer")
    settings = Settings.load()
    speak(app, settings.language)
    theme.apply_theme(app, theme.load_theme(name or settings.theme), settings.font_scale)
    return app


def _tell_of_qt(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
    """Pass on what Qt says, but for what every window without a screen makes it say."""
    if not words.startswith("This plugin does not support"):
        print(words, file=sys.stderr)


def _comfortable(app: QApplication) -> tuple[int, int]:
    """A window size that leaves the desktop visible."""
    room = app.primaryScreen().availableGeometry()
    return min(LARGEST[0], round(room.width() * 0.94)), min(LARGEST[1], round(room.height() * 0.92))


def _add_shared(
    parser: argparse.ArgumentParser, count: str | int, name: str = "PATH", what: str = "files, folders, archives"
) -> None:
    modalities = [modality.value for modality in Modality if modality is not Modality.UNKNOWN]
    parser.add_argument("paths", nargs=count, type=Path, metavar=name, help=what)
    parser.add_argument("--bundle", metavar="B", help="model to assess with; default: the one that fits")
    parser.add_argument("--second", metavar="B", help="another model for the same kind of pictures, to compare with")
    add_mask_sources(parser)
    parser.add_argument("--modality", choices=modalities, help="what pictures show whose files do not say it")
    parser.add_argument("--theme", choices=theme.NAMES, help="colours; default: as in the settings")


def _size(words: str) -> tuple[int, int]:
    width, _, height = words.lower().partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words} is no size like 1600x1000") from None
    if not all(320 <= side <= 8192 for side in size):
        raise argparse.ArgumentTypeError(f"{words}: each side must be between 320 and 8192 pixels")
    return size


def _has_screen() -> bool:
    """Whether Qt can open a window here; without a screen it would end the whole process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
