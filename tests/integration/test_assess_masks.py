"""`viewer assess` with masks: drawn, taken from the user, measured, written, gone on with."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.domain.result import Score
from viewer.host.discovery import PluginHost
from viewer.io.dicom_writer import write_clip
from viewer.present.rows import ATTENTION_COLUMNS, MASK_COLUMNS
from viewer.session.batch import Order, Totals, Watcher, assess_all
from viewer.session.masks import OWN, MasksFrom
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.testing.bundles import tiny_bundle
from viewer.testing.fakes import FakeScorer, entry_point, plugin_module

from ..mask_network import BrightMasks, bright_bundle

pytestmark = pytest.mark.integration


def told_of_masks(evidence: Evidence) -> list[Score]:
    """Trust by the part of the view that the mask it is told of covers."""
    if evidence.mask is None:
        return [Score(trust=None, note="no mask")] * len(evidence)
    return [Score(trust=None if np.isnan(mask).any() else float(mask.mean())) for mask in evidence.mask]


@dataclass
class Bench:
    folder: Path
    bundle: Path
    notes: list[str] = field(default_factory=list)
    needs: frozenset[Need] = frozenset({Need.LOGITS, Need.MASK})
    stop_after: int | None = None

    @property
    def out(self) -> Path:
        return self.folder / "out.csv"

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    @property
    def masks(self) -> Path:
        return self.folder / "masks"

    def picture(self, name: str, box: tuple[int, int, int, int] = (8, 24, 16, 40), size: Any = (48, 64)) -> Any:
        """Dark with a bright box; its pixels inside."""
        inside = np.zeros(size, bool)
        inside[box[0] : box[1], box[2] : box[3]] = True
        path = self.pictures / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.where(inside, np.uint8(255), np.uint8(0))).convert("RGB").save(path)
        return inside

    def run(self, masks_from: MasksFrom = OWN, **order: Any) -> Totals:
        scorers = [FakeScorer(name, told_of_masks, needs=self.needs) for name in ("softmax", "energy")]
        plugin = plugin_module(scorers=scorers, architectures=[BrightMasks()])
        settings = Settings(device="cpu", batch_size=2)
        host = PluginHost(settings, entry_points=[entry_point("fakes", plugin)])
        session = Session(settings, host, notify=self.notes.append, explaining="html" in order)
        given = {"paths": (self.pictures,), "out": self.out, "bundle": str(self.bundle)} | order
        try:
            made = Order(modality=Modality.DERMOSCOPY, masks_from=masks_from, **given)
            return assess_all(session, made, Watcher(self.notes.append, self.progress))
        finally:
            session.close()

    def progress(self, totals: Totals, file: str) -> None:
        if self.stop_after is not None and totals.frames >= self.stop_after:
            self.stop_after = None
            raise KeyboardInterrupt

    def table(self) -> list[dict[str, str]]:
        with self.out.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def written(self) -> dict[str, Any]:
        files = sorted(path for path in self.masks.rglob("*") if path.is_file())
        return {path.relative_to(self.masks).as_posix(): np.asarray(Image.open(path)) for path in files}


@pytest.fixture
def plain(tmp_path: Path) -> Bench:
    """A model that draws no masks."""
    return Bench(tmp_path, tiny_bundle(tmp_path))


@pytest.fixture
def drawer(tmp_path: Path) -> Path:
    return bright_bundle(tmp_path)


def test_that_another_models_masks_are_measured_and_written_and_change_nothing_else(
    plain: Bench, drawer: Path
) -> None:
    boxes = {"a": (8, 24, 16, 40), "b/c": (0, 8, 0, 8)}
    inside = {name: plain.picture(f"{name}.png", box, size=(64, 64)) for name, box in boxes.items()}
    plain.run(out=plain.folder / "alone.csv")
    plain.run(MasksFrom(model=str(drawer)), masks=plain.masks)
    assert "masks drawn by bright" in plain.notes
    files = plain.written()
    assert set(files) == {"a.png", "b/c.png"}
    for (name, pixels), row in zip(inside.items(), plain.table(), strict=True):
        mask = files[f"{name}.png"]
        assert set(np.unique(mask)) == {0, 255}
        np.testing.assert_array_equal(mask > 0, pixels)
        assert (row["mask_of"], row["mask_by"], row["mask_mm2"]) == ("lesion", "bright", "")
        assert int(row["mask_px"]) == pixels.sum()
        assert float(row["mask_percent"]) == pytest.approx(100 * pixels.mean())
        assert row["mask_note"] == "not calibrated"
    with (plain.folder / "alone.csv").open(encoding="utf-8", newline="") as file:
        alone = list(csv.DictReader(file))
    told = [{key: value for key, value in row.items() if key in alone[0]} for row in plain.table()]
    assert [row.pop("trust_energy") for row in alone] == ["", ""]
    assert all(float(row.pop("trust_energy")) > 0 for row in told)  # shown only: told of the mask
    assert told == alone  # softmax, which carries the weight, is not


def test_that_without_masks_there_is_no_column(plain: Bench) -> None:
    plain.picture("a.png")
    plain.run()
    assert not set(MASK_COLUMNS) & set(plain.table()[0])


def test_that_a_network_that_draws_masks_writes_its_own_where_no_plugin_asks(tmp_path: Path, drawer: Path) -> None:
    bench = Bench(tmp_path, drawer, needs=frozenset({Need.LOGITS}))
    inside = bench.picture("a.png")
    bench.run()
    assert "mask_px" not in bench.table()[0]
    bench.run(masks=bench.masks, fresh=True)
    np.testing.assert_array_equal(bench.written()["a.png"] > 0, inside)
    assert bench.table()[0]["mask_by"] == "bright"


def test_that_what_was_calibrated_with_own_masks_is_told_of_no_others(tmp_path: Path, drawer: Path) -> None:
    bench = Bench(tmp_path, drawer)
    inside = bench.picture("a.png")
    bench.run()
    (own,) = bench.table()
    given = tmp_path / "given"
    given.mkdir()
    Image.fromarray(np.full(inside.shape, 255, np.uint8)).save(given / "a.png")
    bench.run(MasksFrom(folder=given), fresh=True)
    (row,) = bench.table()
    assert (row["mask_by"], row["mask_of"], row["mask_percent"]) == ("given", "lesion", "100.0")
    assert row["trust_softmax"] == own["trust_softmax"]
    assert float(row["trust_energy"]) == 1
    assert (row["light"], row["trust"]) == (own["light"], own["trust"])


def test_that_given_masks_come_back_as_they_were_and_missing_ones_leave_cells_and_files_out(plain: Bench) -> None:
    inside = plain.picture("a.png", size=(64, 64))
    plain.picture("b.png")
    given = plain.folder / "given"
    given.mkdir()
    Image.fromarray(np.where(inside, np.uint8(255), np.uint8(0))).save(given / "a.png")
    plain.run(MasksFrom(folder=given), masks=plain.masks)
    assert f"masks given in {given}" in plain.notes
    files = plain.written()
    assert set(files) == {"a.png"}
    np.testing.assert_array_equal(files["a.png"] > 0, inside)
    first, second = plain.table()
    assert first["mask_by"] == "given"
    assert not any(second[name] for name in MASK_COLUMNS)
    assert "1 of 2 frames assessed now have no mask" in plain.notes


def test_that_written_masks_can_be_given_again(plain: Bench, drawer: Path) -> None:
    for name in ("a.png", "b/a.png"):
        plain.picture(name, (0, 16, 0, 16) if name == "a.png" else (16, 32, 16, 32), size=(64, 64))
    plain.run(MasksFrom(model=str(drawer)), masks=plain.masks)
    before = [(row["file"], row["mask_px"]) for row in plain.table()]
    plain.run(MasksFrom(folder=plain.masks), fresh=True)
    assert [(row["file"], row["mask_px"]) for row in plain.table()] == before


def test_that_an_interrupted_run_goes_on_to_the_same_masks(plain: Bench, drawer: Path) -> None:
    inside = {f"{number}.png": plain.picture(f"{number}.png", (0, 8 + number, 0, 16)) for number in range(5)}
    order = {"masks_from": MasksFrom(model=str(drawer)), "masks": plain.masks}
    plain.stop_after = 2
    with pytest.raises(KeyboardInterrupt):
        plain.run(**order)
    kept = len(plain.written())
    assert 2 <= kept < 5
    plain.run(**order)
    files = plain.written()
    assert set(files) == set(inside)
    for name, pixels in inside.items():
        assert (files[name] > 0).sum() == pytest.approx(pixels.sum(), rel=0.15)
    with pytest.raises(ViewerError, match=r"was begun with other settings \(masks\)"):
        plain.run(MasksFrom(model=str(drawer)))
    with pytest.raises(ViewerError, match="other settings"):
        plain.run(masks=plain.masks, masks_from=MasksFrom(model=str(bright_bundle(plain.folder, name="c", seed=3))))


def test_that_masks_that_cannot_be_written_end_the_run_in_one_sentence(
    plain: Bench, drawer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.picture("a.png")

    def full(self: Any, path: Path, *_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(ViewerError, match=r"a\.png: cannot be written \(No space left on device\)"):
        plain.run(MasksFrom(model=str(drawer)), masks=plain.masks)
    monkeypatch.undo()
    plain.run(MasksFrom(model=str(drawer)), masks=plain.masks)
    assert set(plain.written()) == {"a.png"}


def test_that_masks_that_nothing_draws_are_refused_before_anything_is_written(plain: Bench) -> None:
    plain.picture("a.png")
    with pytest.raises(ViewerError, match="the model tiny draws no masks; name one that does with --masks-by"):
        plain.run(masks=plain.masks)
    with pytest.raises(ViewerError, match="lies among the pictures"):
        plain.run(MasksFrom(folder=plain.pictures), masks=plain.pictures / "masks")
    assert not plain.out.exists()


def test_that_a_calibrated_file_has_square_millimetres_in_table_and_report(tmp_path: Path, drawer: Path) -> None:
    bench = Bench(tmp_path, drawer)
    bench.pictures.mkdir()
    frame = np.zeros((64, 64, 3), np.uint8)
    frame[16:32, 16:48] = 255
    write_clip(bench.pictures / "a.dcm", [frame, frame], modality="DMS", frame_time_ms=40.0, spacing_mm=(0.5, 0.25))
    out = tmp_path / "out.jsonl"
    bench.run(out=out, masks=bench.masks, html=tmp_path / "html")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["mask_mm2"] for row in rows] == [64.0, 64.0]
    assert set(bench.written()) == {"a_0.png", "a_1.png"}
    page = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert "Lesion: 12 % of the picture, 64.0 mm² (PixelSpacing); drawn by bright" in page


def test_that_the_command_line_takes_one_source_of_masks(
    viewer: Callable[..., int], plain: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    plain.picture("a.png", size=(64, 64))
    words = ["assess", plain.pictures, "--bundle", plain.bundle, "--modality", "dermoscopy", "--out", plain.out]
    with pytest.raises(SystemExit):
        viewer(*words, "--masks-by", "one", "--given-masks", "two")
    assert "not allowed with argument" in capsys.readouterr().err
    assert viewer(*words, "--given-masks", plain.folder / "none") == 2
    assert "there is no such folder of masks" in capsys.readouterr().err
    given = plain.folder / "given"
    given.mkdir()
    Image.new("L", (64, 64), 255).save(given / "a.png")
    assert viewer(*words, "--given-masks", given, "--masks", plain.masks) == 0
    assert set(plain.written()) == {"a.png"}


def test_that_the_table_says_where_the_attention_for_the_answer_lies(tmp_path: Path, drawer: Path) -> None:
    bench = Bench(tmp_path, drawer, needs=frozenset({Need.LOGITS, Need.MASK, Need.ATTENTION}))
    inside = bench.picture("a.png", size=(64, 64))
    bench.run()
    (row,) = bench.table()
    share, area, even = (float(row[name]) for name in ATTENTION_COLUMNS)
    assert 0 <= share <= 1
    assert area == pytest.approx(inside.mean(), abs=0.02)
    assert even == pytest.approx(share / area, abs=1e-3)


def test_that_without_attention_the_cells_are_empty(tmp_path: Path, drawer: Path) -> None:
    bench = Bench(tmp_path, drawer)
    bench.picture("a.png")
    bench.run()
    assert [bench.table()[0][name] for name in ATTENTION_COLUMNS] == ["", "", ""]
