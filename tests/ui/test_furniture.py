"""What stands over the picture: where it stands, what it says, and that it can be switched off."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap, QRegion

from viewer.domain.image import Region
from viewer.domain.view import EdgeLetters
from viewer.present.corners import Corners, Line
from viewer.present.scale_bar import scale_bar
from viewer.ui.canvas.furniture import Content, arranged, bar_room, most_telling
from viewer.ui.canvas.halo import HaloText

from .conftest import opened
from .test_main_window import press
from .test_viewing import grey

WHITE, BLACK = QColor("white"), QColor("black")


def text(pixels: int = 13) -> HaloText:
    font = QFont()
    font.setPixelSize(pixels)
    made = HaloText()
    made.use(font, WHITE, BLACK, 1.0)
    return made


def full(room: QSizeF) -> Content:
    lines = tuple(Line(f"line {rank} of a rather long kind that goes on and on", rank) for rank in range(5))
    return Content(
        corners=Corners(top_left=lines, top_right=lines, bottom_left=lines, bottom_right=lines),
        letters=EdgeLetters("RPF", "AHL", "LAH", "PFR"),
        bar=scale_bar(0.2, bar_room(room)),
    )


@pytest.mark.parametrize("size", [(480, 360), (320, 240), (200, 150), (1200, 900), (120, 90)])
@pytest.mark.parametrize("pixels", [13, 20, 26])
def test_that_nothing_overlaps_and_nothing_hangs_over(qapp, size, pixels):
    room = QSizeF(*size)
    placed = arranged(full(room), room, text(pixels))
    corners_and_bar = [each for each in placed if size[1] >= 150 or each.words.startswith("line")]
    for one, other in combinations(corners_and_bar, 2):
        assert not one.area.adjusted(0.01, 0.01, -0.01, -0.01).intersects(other.area), (one, other)
    if size[0] >= 200:
        assert all(QRectF(0, 0, *size).contains(each.area) for each in placed)


def test_that_at_a_small_size_the_most_telling_lines_stay(qapp):
    lines = tuple(Line(str(rank), rank) for rank in (2, 0, 1))
    assert [line.words for line in most_telling(lines, 2)] == ["0", "1"]
    assert [line.words for line in most_telling(lines, 9)] == ["2", "0", "1"]
    assert most_telling(lines, 0) == ()
    assert lines_at(480, 360) == {"line 0": 4, "line 1": 2, "line 2": 2, "line 3": 2, "line 4": 2}
    assert lines_at(900, 360) == {"line 0": 4, "line 1": 4, "line 2": 4, "line 3": 4, "line 4": 4}
    assert lines_at(480, 150) == {"line 0": 4, "line 1": 2}


def lines_at(width: int, height: int) -> dict[str, int]:
    """How often lines of each rank are shown, cut or whole."""
    room = QSizeF(width, height)
    shown = [each.words[:6] for each in arranged(full(room), room, text()) if each.words.startswith("line")]
    return {words: shown.count(words) for words in sorted(set(shown))}


def test_that_numbers_are_left_out_rather_than_cut(qapp):
    room = QSizeF(200, 300)
    numbers = (Line("Zoom 123 % of a very long kind", 1), Line("W 1500   L -600", 2))
    placed = arranged(Content(corners=Corners(bottom_right=numbers, top_left=numbers)), room, text())
    assert [each.words for each in placed][2:] == []
    assert placed[0].words.endswith("…")


@pytest.mark.parametrize("ground", [0, 255])
def test_that_words_can_be_read_on_black_and_on_white(qapp, ground):
    written = text(16)
    paper = QPixmap(120, 40)
    paper.fill(QColor(ground, ground, ground))
    painter = QPainter(paper)
    written.paint(painter, 10, 10, "HTH")
    painter.end()
    image = paper.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    grey_levels = np.frombuffer(image.constBits(), np.uint8).reshape(40, image.bytesPerLine())[:, :120]
    assert grey_levels.max() == 255
    assert grey_levels[8:30, 8:60].min() < 40


def words(room) -> tuple[str, ...]:
    return room.window.canvas.furniture.words


def test_that_the_corners_tell_whose_it_is_where_in_it_and_how_it_is_shown(room):
    room.open(grey(patient_name="Doe^Jane", patient_id="7", series_description="Lung", series_number=3))
    assert {"Doe Jane", "ID 7", "Series 3: Lung", "Frame 1 of 2", "W 400   L 40", "Not calibrated"} <= set(
        words(room)
    )
    press(room, Qt.Key.Key_Right)
    assert "Frame 2 of 2" in words(room)
    press(room, Qt.Key.Key_H)
    assert "Mirrored" in words(room)
    press(room, Qt.Key.Key_Plus)
    assert "Mirrored   inverted" in words(room)
    zoom = next(line for line in words(room) if line.startswith("Zoom"))
    press(room, Qt.Key.Key_Z)
    assert "Zoom 100 %" in words(room)
    assert zoom != "Zoom 100 %"


def test_that_a_key_switches_it_off_and_on(room):
    room.open(grey(orientation=("L", "P"), spacing_mm=(1.0, 1.0)))
    assert room.window.canvas.furniture.placed
    press(room, Qt.Key.Key_C)
    assert room.window.canvas.furniture.placed == ()
    bare = room.window.canvas.grab().toImage()
    press(room, Qt.Key.Key_C)
    assert room.window.canvas.furniture.placed
    assert room.window.canvas.grab().toImage() != bare


def test_that_letters_follow_turns_and_flips_and_are_never_guessed(room):
    room.open(grey("a.dcm", orientation=("L", "P")), grey("b.dcm"))
    assert letters(room) == ("A", "R", "P", "L")
    press(room, Qt.Key.Key_Period)
    assert letters(room) == ("R", "P", "L", "A")
    press(room, Qt.Key.Key_H)
    assert letters(room) == ("R", "A", "L", "P")
    press(room, Qt.Key.Key_Down)
    assert not set(words(room)) & set("LRAPHF")


def letters(room) -> tuple[str, ...]:
    """Top, left, bottom, right, by where they stand."""
    found = [each for each in room.window.canvas.furniture.placed if len(each.words) == 1]
    low, right = max(found, key=lambda each: each.top), max(found, key=lambda each: each.left)
    high, left = min(found, key=lambda each: each.top), min(found, key=lambda each: each.left)
    return high.words, left.words, low.words, right.words


def bar(room):
    found = [each for each in room.window.canvas.furniture.placed if not each.words]
    return found[0] if found else None


def test_that_the_scale_bar_is_as_long_as_it_says_and_follows_the_zoom(room):
    room.open(grey(rows=240, columns=320, spacing_mm=(0.5, 0.5)))
    canvas = room.window.canvas
    canvas.set_zoom(1.0)
    assert bar(room).width == pytest.approx(100.0)  # 160 pixels hold 80 mm: the bar is 5 cm
    assert "5 cm" in words(room)
    canvas.set_zoom(10.0)
    assert bar(room).width == pytest.approx(100.0)
    assert "5 mm" in words(room)


def test_that_there_is_no_scale_bar_without_calibration(room):
    room.open(grey())
    assert bar(room) is None


def region(left, right, mm):
    return Region(
        left=left,
        top=0,
        right=right,
        bottom=23,
        spatial_format="2D",
        data_type="tissue",
        units=("cm", "cm"),
        delta=(mm / 10, mm / 10),
    )


def test_that_the_bar_belongs_to_the_ultrasound_region_in_the_middle(room):
    room.open(grey(columns=64, regions=(region(0, 31, 0.5), region(32, 63, 2.0))))
    canvas = room.window.canvas
    canvas.set_zoom(40.0)
    look_at(canvas, 10, 12)
    assert "mm: ultrasound region 1" in words(room)
    first = bar(room).width / 40.0 * 0.5
    look_at(canvas, 50, 12)
    assert "mm: ultrasound region 2" in words(room)
    assert (first, bar(room).width / 40.0 * 2.0) == pytest.approx((1.0, 5.0))


def look_at(canvas, column, row):
    canvas._box.translateBy(x=column - canvas.middle[0], y=row - canvas.middle[1])


def test_that_only_what_changed_is_painted_anew_beside_the_picture(room):
    room.open(opened(columns=8, rows=64, frames=120))
    canvas = room.window.canvas
    seen = PaintedRegions()
    canvas.viewport().installEventFilter(seen)
    press(room, Qt.Key.Key_Right)
    line = next(each for each in canvas.furniture.placed if each.words == "Frame 2 of 120")
    zoom = next(each for each in canvas.furniture.placed if each.words.startswith("Zoom"))
    assert seen.region.contains(line.area.toAlignedRect())
    assert not seen.region.intersects(zoom.area.toAlignedRect())


class PaintedRegions(QObject):
    """Where a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


def test_that_text_is_as_large_as_the_font_of_the_window(room):
    room.open(grey())
    canvas = room.window.canvas
    before = canvas.furniture.placed[0].height
    font = canvas.font()
    font.setPixelSize(26)
    canvas.setFont(font)
    assert canvas.furniture.placed[0].height > 1.5 * before
