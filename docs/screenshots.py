"""Drives the real window into the states a reader meets, pictures each, and writes docs/screenshots.md.

Everything shown is generated; nothing needs a screen. What was criticised in each picture, and what was changed for
it, stands in screenshots.toml. With `--only NAME` only these pictures are made anew, with `--page` only the page.
"""

import argparse
import os
import tempfile
import tomllib
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QPoint, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from viewer.app import build_window, make_application
from viewer.cli import main as run_command
from viewer.domain.result import Light
from viewer.present.colours import Theme, look
from viewer.resources import site_record
from viewer.settings import Settings
from viewer.store.site_record import SiteRecord
from viewer.ui.main_window import MainWindow
from viewer.ui.panes import Layout
from viewer.ui.snapshot import Watch
from viewer.ui.theme import load_theme
from viewer.ui.waiting import until

HERE = Path(__file__).parent
PICTURES = HERE / "images" / "states"
PAGE = HERE / "screenshots.md"
WORDS = HERE / "screenshots.toml"
SIZE, SMALL, LARGE = (1400, 875), (1100, 700), (1680, 1050)
COHORT, LAMP, REMEMBERING = "cohort", "lamp", "remembering"
COLOURS = (240, 180, 130, 95, 70)
"""Numbers of colours that are tried in turn."""
LARGEST = 150_000
"""Bytes of a picture."""
SHADE = QColor(0, 0, 0, 110)
READER = "reader"
LESION, CLIP = "phantom-lesion", "phantom-clip"
MODALITIES = {LESION: "dermoscopy", CLIP: None, REMEMBERING: None}
WORK_S = 300.0
STEPS = 8
Place = tuple[float, float]
PLAIN = Settings()


class Stage:
    """A window, and what is done to it.

    Attributes:
        window: The real one, with everything behind it.
    """

    def __init__(self, app: QApplication, model: str, size: tuple[int, int]) -> None:
        args = Namespace(bundle=model, second=None, modality=MODALITIES[model])
        self.window = build_window(args, record=lambda: SiteRecord(site_record()))
        self._app = app
        self._watch = Watch(self.window)
        self.window.arrange(*size)
        self.window.show()

    def open(self, *names: str, frame: int = 0) -> None:
        """Open pictures and wait until the first is assessed and explained, and the whole clip assessed."""
        self.begin(*names)
        self.go_to(frame)
        self.wait(lambda: self._watch.clip_done or self._watch.answer.assessment is None)

    def begin(self, *names: str) -> None:
        """Open pictures, and wait only until they are listed."""
        self._watch.opening = True
        self.window.desk.opener.open([Path(name) for name in names])
        self.wait(lambda: not self._watch.opening)

    def go_to(self, frame: int) -> None:
        """Show a frame, and wait until it is assessed and explained."""
        if frame != self.window.desk.frame:
            self._watch.expect_another_frame()
            self.window.desk.seek(frame)
        self.wait(lambda: self._watch.frame_done)

    def wait_for_answer(self) -> None:
        """Wait until another clip that was put on the screen is assessed and explained."""
        self._watch.expect_another_frame()
        self.wait(lambda: self._watch.frame_done)

    def do(self, name: str) -> None:
        """Call a command."""
        self.window.action(name).trigger()

    def drag(self, start: Place, end: Place) -> None:
        """Drag over the picture, from a share of its width and height to another."""
        canvas = self.window.canvas.viewport()
        left = Qt.MouseButton.LeftButton
        points = [
            QPoint(
                round(canvas.width() * (start[0] + step * (end[0] - start[0]) / STEPS)),
                round(canvas.height() * (start[1] + step * (end[1] - start[1]) / STEPS)),
            )
            for step in range(STEPS + 1)
        ]
        QTest.mousePress(canvas, left, pos=points[0])
        for point in points:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, left, pos=points[-1])

    def answer(self, answer: str, note: str = "") -> None:
        """Give an answer and wait until it is in the journal, or is found not to be saved."""
        told: list[object] = []
        self.window.reviews.kept.connect(told.append)
        panel = self.window.review
        panel.answers.setCurrentIndex(panel.answers.findData(answer))
        panel.note.setText(note)
        panel.confirm.click()
        self.wait(lambda: bool(told))

    def wait(self, done: Callable[[], bool]) -> None:
        """Let the window work until something is so.

        Raises:
            TimeoutError: It did not come about.
        """
        if not until(done, WORK_S):
            raise TimeoutError("the window did not get there in time")

    def rest(self) -> None:
        """Let the panels catch up, and thumbnails come."""
        until(lambda: False, 0.6)
        self._app.processEvents()


Play = Callable[[Stage], QPixmap | None]
"""Brings a window into a state; returns the picture where the window alone is not it."""


@dataclass(frozen=True)
class State:
    """One picture to make.

    Attributes:
        play: Brings the window there.
        model: What the window assesses with.
        theme: Its colours.
        size: Its width and height.
        settings: Where they are not the defaults.
    """

    play: Play
    model: str = CLIP
    theme: Theme = "dark"
    size: tuple[int, int] = SIZE
    settings: Settings = PLAIN


def start(stage: Stage) -> None:
    """The first start: nothing is open."""
    stage.window.desk.list_bundles()
    stage.rest()


def green(stage: Stage) -> None:
    """A lesion the model may be believed on."""
    stage.open("lesions/PHANTOM-D11-0004_00004.png")


def withheld(stage: Stage) -> None:
    """A blurred lesion: red, and its class kept back."""
    stage.open("faulty-lesions/blurred.png")


def revealed(stage: Stage) -> None:
    """The same, shown anyway."""
    withheld(stage)
    stage.do("show_anyway")


def playing(stage: Stage) -> QPixmap | None:
    """A clip that plays while the worker is at it: the timeline is filled in part."""
    pictures: list[QPixmap] = []
    assessed: list[object] = []
    desk = stage.window.desk

    def one_more(event: object) -> None:
        assessed.append(event)
        if len(assessed) == 24:
            stage.do("play")
        if len(assessed) == 44:
            QTimer.singleShot(0, lambda: pictures.append(stage.window.grab()))

    desk.frame_assessed.connect(one_more)
    stage.begin("clips/PHANTOM-U11-0002_0002.dcm")
    stage.go_to(9)
    stage.wait(lambda: bool(pictures))
    stage.do("play")
    return pictures[0]


def side_by_side(stage: Stage) -> None:
    """Two clips beside each other, linked."""
    several(stage, Layout.TWO, frame=12)


def four(stage: Stage) -> None:
    """Four clips."""
    several(stage, Layout.FOUR, frame=6)


def several(stage: Stage, layout: Layout, frame: int) -> None:
    """Clips in panes."""
    stage.open(*(f"clips/PHANTOM-U11-{n:04d}_{n:04d}.dcm" for n in (0, 2, 3, 4)), frame=frame)
    stage.window.side_by_side.arrange(layout)
    stage.rest()


def before_answer(stage: Stage) -> None:
    """Read-first mode: the reader has not answered yet."""
    stage.open("lesions/PHANTOM-D11-0004_00004.png")


def after_answer(stage: Stage) -> None:
    """Read-first mode: the answer is in the journal, and the AI's is shown."""
    before_answer(stage)
    stage.answer("nevus")
    stage.rest()


def measuring(stage: Stage) -> None:
    """A distance and the values of an ellipse on a calibrated clip, in millimetres; a key image."""
    stage.open("clips/PHANTOM-U11-0003_0003.dcm", frame=20)
    stage.do("hide_overlays")
    stage.do("measure_distance")
    stage.drag((0.36, 0.42), (0.62, 0.50))
    stage.do("draw_ellipse")
    stage.drag((0.42, 0.60), (0.60, 0.78))
    stage.do("key_image")


def disagreement(stage: Stage) -> None:
    """Scores beside each other, frame by frame."""
    stage.open("clips/PHANTOM-U11-0002_0002.dcm", frame=30)
    stage.do("show_disagreement")


def worklist(stage: Stage) -> None:
    """Three studies: one done, one in review, one not begun."""
    clips = [f"clips/PHANTOM-U11-{n:04d}_{n:04d}.dcm" for n in (0, 2, 3)]
    stage.open(*clips)
    stage.answer("b_lines", "both sides")
    stage.do("mark_done")
    stage.do("next_clip")
    stage.wait_for_answer()
    stage.answer("consolidation")
    stage.do("show_worklist")


def de_identified(stage: Stage) -> None:
    """Nothing tells whose picture it is."""
    stage.open("clips/PHANTOM-U11-0000_0000.dcm", frame=6)
    stage.do("de_identified")


def settings(stage: Stage) -> QPixmap:
    """Every setting, over a picture."""
    green(stage)
    stage.do("settings")
    stage.rest()
    return with_dialog(stage.window)


def small(stage: Stage) -> None:
    """A clip of doubtful stretches in a small window."""
    stage.open("clips/PHANTOM-U11-0002_0002.dcm", frame=12)


def unsaved(stage: Stage) -> None:
    """A file that cannot be read, and an answer that cannot be kept."""
    stage.open("lesions/PHANTOM-D11-0004_00004.png", "cut short.dcm")
    stage.answer("nevus", "regular network")
    stage.rest()


def cohort(stage: Stage) -> None:
    """An evaluated cohort: the most trusted wrong answer on the screen, and the mouse over another case."""
    exploring, explorer = stage.window.exploring, stage.window.explorer
    stage.window.desk.opener.open([Path(COHORT)])
    stage.wait(lambda: exploring.explored is not None and not exploring.busy)
    stage.do("next_failure")
    stage.wait_for_answer()
    explored = exploring.explored
    if explored is not None and explorer.map.isVisible():
        case = int(explored.silent_failures()[-1])
        explorer.map.pointed.emit(case, explorer.map.place_of(case))
    stage.rest()


def this_site(stage: Stage) -> None:
    """A site whose lamp was changed after 150 cases: an alarm, and no light is given any more."""
    for folder in ("many/lesions", LAMP):
        table = f"{folder}.csv"
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            run_command(["assess", folder, "--bundle", LESION, "--modality", "dermoscopy", "--out", table])
    stage.open("lesions/PHANTOM-D11-0004_00004.png")
    stage.do("show_site")
    stage.rest()


def similar_frames(stage: Stage) -> None:
    """The frames of other patients that are most like one of a clip."""
    explained(stage, "similar_frames")


def frame_map(stage: Stage) -> None:
    """Where a frame lies among those the model remembers, and its path."""
    explained(stage, "map")


def explained(stage: Stage, name: str) -> None:
    """A frame of a clip in a small window, whose explanations wait behind a tab, and the page of one explainer."""
    stage.open("clips/PHANTOM-U11-0002_0002.dcm", frame=30)
    stage.do("show_explanations")
    stage.window.explanations.turn_to(name)
    stage.rest()


def with_dialog(window: MainWindow) -> QPixmap:
    """The window with the dialog over it that is open, as a window manager would put it."""
    (dialog,) = (dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    picture = window.grab()
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), SHADE)
    room = (window.size() - dialog.size()) / 2
    painter.drawPixmap(QPoint(room.width(), room.height()), dialog.grab())
    painter.end()
    return picture


STATES: dict[str, State] = {
    "01-start": State(start),
    "02-green": State(green, LESION),
    "03-withheld": State(withheld, LESION),
    "04-revealed": State(revealed, LESION),
    "05-playing": State(playing),
    "06-measuring": State(measuring),
    "07-side-by-side": State(side_by_side),
    "08-four": State(four),
    "09a-before-answer": State(before_answer, LESION, settings=Settings(read_first=True)),
    "09b-after-answer": State(after_answer, LESION, settings=Settings(read_first=True)),
    "10-disagreement": State(disagreement),
    "11-worklist": State(worklist),
    "12-settings": State(settings, LESION),
    "13-high-contrast": State(withheld, LESION, theme="high-contrast"),
    "14-light": State(
        lambda stage: stage.open("clips/PHANTOM-U11-0002_0002.dcm", frame=12), theme="light", size=SMALL
    ),
    "15-unsaved": State(unsaved, LESION, settings=Settings(reviews_database="/dev/null/reviews.db")),
    "16-de-identified": State(de_identified),
    "17-cohort": State(cohort, LESION, size=LARGE),
    "18-cohort-small": State(cohort, LESION, theme="light", size=SMALL),
    "19-this-site": State(this_site, LESION, size=LARGE),
    "20-similar-frames": State(similar_frames, REMEMBERING, size=SMALL),
    "21-frame-map": State(frame_map, REMEMBERING, theme="light", size=SMALL),
}


def picture_of(state: State) -> QPixmap:
    """Play a state on a window of its own."""
    with home(state.settings):
        stage = Stage(make_application(state.theme), state.model, state.size)
        try:
            found = state.play(stage)
            if found is None:
                stage.rest()
                found = stage.window.grab()
        finally:
            stage.window.close()
            stage.window.close()  # the first time stays open where something is not saved
        return found


@contextmanager
def home(settings: Settings) -> Iterator[None]:
    """A user who has used nothing yet, with these settings."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "LOGNAME": READER}
        settings.save()
        yield


def phantoms(folder: Path) -> None:
    """Generate what is shown; see `viewer phantoms`."""
    counts = ["--lesions", "6", "--lesions-per-patient", "1", "--clips", "6", "--clips-per-patient", "1"]
    with redirect_stdout(StringIO()):
        run_command(["phantoms", str(folder), *counts, "--frames", "60", "--faults", "--seed", "11"])
    many, columns = folder / "many", ["--label", "class", "--group", "group_id"]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        run_command(["phantoms", str(many), "--lesions", "150", "--clips", "0", "--seed", "5"])
        data = ["--data", str(many / "labels.csv"), *columns, "--draws", "20"]
        run_command(["evaluate", LESION, *data, "--html", str(folder / COHORT)])
    bluish(many / "lesions", folder / LAMP, count=20)
    remember(folder)
    whole = (folder / "clips" / "PHANTOM-U11-0000_0000.dcm").read_bytes()
    (folder / "cut short.dcm").write_bytes(whole[:2000])


def remember(folder: Path) -> None:
    """The model of clips, calibrated with frames of other clips that it remembers."""
    site, columns = folder / "site", ["--label", "class", "--group", "group_id"]
    counts = ["--lesions", "0", "--clips", "60", "--clips-per-patient", "1"]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        run_command(["phantoms", str(site), *counts, "--frames", "30", "--seed", "7"])
        data = ["--data", str(site / "clips.csv"), *columns, "--frames-per-clip", "12", "--thumbnails"]
        run_command(["calibrate", CLIP, *data, "--out", str(folder / REMEMBERING)])


def bluish(pictures: Path, out: Path, count: int) -> None:
    """The first pictures as another lamp would show them."""
    out.mkdir()
    for path in sorted(pictures.iterdir())[:count]:
        red, green, blue = Image.open(path).convert("RGB").split()
        Image.merge("RGB", (red.point(lambda v: 0.8 * v), green, blue.point(lambda v: 1.2 * v))).save(out / path.name)


def keep(picture: QPixmap, theme: Theme, path: Path) -> None:
    """Write a picture as small as it has to be: in fewer colours, those of theme and lights unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = QBuffer()
    picture.save(data, "PNG")
    image = Image.open(BytesIO(data.data().data())).convert("RGB")
    names = [*load_theme(theme).colours.values(), *(look(light, theme).colour for light in Light)]
    fixed = sorted({QColor(name).toTuple()[:3] for name in names})
    for colours in COLOURS:
        free = image.quantize(colours - len(fixed), kmeans=1).getpalette() or []
        palette = Image.new("P", (1, 1))
        palette.putpalette([*(level for colour in fixed for level in colour), *free[: 3 * (colours - len(fixed))]])
        image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


def page(words: dict[str, dict[str, str]]) -> str:
    """The page as Markdown."""
    parts = [
        "# The window in pictures\n\nGenerated by `make screenshots` from generated pictures; each with what was "
        "criticised in it and what was changed for that.\n"
    ]
    for name in STATES:
        said = words[name]
        parts.append(
            f"\n## {said['title']}\n\n![{said['title']}](images/states/{name}.png)\n\n{said['shows']}\n\n"
            f"- *Criticism:* {said['criticism']}\n- *Changed:* {said['changed']}\n"
        )
    return "".join(parts)


def main() -> None:
    """Make the pictures and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=STATES, help="repeatable; all by default")
    parser.add_argument("--page", action="store_true", help="write the page alone")
    parser.add_argument("--out", type=Path, default=PICTURES, help="folder for the pictures")
    options = parser.parse_args()
    out = options.out.resolve()
    if not options.page:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(lambda kind, context, words: None)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            phantoms(Path(folder))
            os.chdir(folder)  # the window shows paths as they are given
            for name in options.only or STATES:
                print(name, flush=True)
                keep(picture_of(STATES[name]), STATES[name].theme, out / f"{name}.png")
    words: dict[str, dict[str, str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    PAGE.write_text(page(words), encoding="utf-8")


if __name__ == "__main__":
    main()
