"""The window and the command line say the same, for every bundle that is shipped."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.app import build_window
from viewer.cli import main
from viewer.domain.image import Modality
from viewer.engine.bundle import Bundle, find_bundles
from viewer.io.dicom_writer import write_clip
from viewer.phantoms.faults import channels_swapped
from viewer.phantoms.lesion import lesion_phantom
from viewer.phantoms.ultrasound import ultrasound_phantom
from viewer.present.score_table import score_lines
from viewer.resources import shipped_bundles
from viewer.session.folder import LOOKING, MISFIT

LIMIT_MS = 240_000
FRAMES = {Modality.ULTRASOUND: 40, Modality.DERMOSCOPY: 5, Modality.XRAY: 2}
"""Of the clip; one of ultrasound has frames beyond those that speak with a frame."""

FILES = 22

BUNDLES = [bundle for bundle in find_bundles([shipped_bundles()]) if isinstance(bundle, Bundle)]


def write_phantom(path: Path, modality: Modality) -> None:
    frames = FRAMES[modality]
    if modality is Modality.ULTRASOUND:
        phantom = ultrasound_phantom(3, kind="b_lines", frames=frames, rows=180, columns=240)
        write_clip(path, [phantom.frame(n).pixels for n in range(frames)], modality="US", frame_time_ms=40.0)
    else:
        pictures = [lesion_phantom(seed, kind="nevus", size=128).pixels for seed in range(frames)]
        write_clip(path, pictures, modality="DX" if modality is Modality.XRAY else "DMS", frame_time_ms=40.0)


def be_patient(folder: Path, monkeypatch: pytest.MonkeyPatch, *, slow: bool = False) -> None:
    """Nobody's settings, but that plugins may take their time: on a busy computer they would be switched off."""
    slow_scores = "slow_scores = true\n" if slow else ""
    (folder / "settings.toml").write_text(f"plugin_budget_s = 200.0\n{slow_scores}", encoding="utf-8")
    monkeypatch.setattr("viewer.settings.settings_file", lambda: folder / "settings.toml")


def headless_rows(path: Path, bundle: str, out: Path, *more: str) -> list[dict[str, Any]]:
    assert main(["assess", str(path), "--bundle", bundle, "--out", str(out), *more]) == 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.integration
@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.manifest.name)
def test_that_the_windows_table_holds_the_rows_of_viewer_assess(qtbot, tmp_path, monkeypatch, bundle):
    be_patient(tmp_path, monkeypatch)
    name, path = bundle.manifest.name, tmp_path / "clip.dcm"
    write_phantom(path, bundle.manifest.modality)
    rows = headless_rows(path, name, tmp_path / "rows.jsonl")

    window = build_window(Namespace(bundle=name, modality=None, second=None))
    shown: dict[int, Any] = {}
    window.desk.frame_assessed.connect(lambda event: shown.update({event.key.frame: event.assessment}))
    # The eye goes to the end at once, so that the window reads the frames in another order.
    window.desk.clip_changed.connect(lambda clip: window.desk.seek(clip.frames - 1))
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([path])
    table = [dict(window.frames.row(place)) for place in range(window.frames.rowCount())]
    window.reliability.show_assessment(shown[0])
    models = window.reliability.scores.values()
    trusts = {line.score.name: line.score.trust for model in models for line in model.lines}
    window.close()
    window.deleteLater()

    assert table == rows
    assert list(shown) != sorted(shown)
    if bundle.manifest.modality is Modality.ULTRASOUND:
        assert all(row["trust_temporal"] is not None for row in rows)
    assert trusts == {line.name: rows[0][f"trust_{line.name}"] for line in score_lines(shown[0])}


@pytest.mark.integration
def test_that_slow_scores_are_the_same_in_the_window_and_the_light_is_that_without_them(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "clip.dcm"
    write_phantom(path, Modality.DERMOSCOPY)
    be_patient(tmp_path, monkeypatch)
    usual = headless_rows(path, "phantom-lesion", tmp_path / "usual.jsonl")
    be_patient(tmp_path, monkeypatch, slow=True)
    rows = headless_rows(path, "phantom-lesion", tmp_path / "rows.jsonl")

    window = build_window(Namespace(bundle="phantom-lesion", modality=None, second=None))
    window.desk.clip_changed.connect(lambda clip: window.desk.seek(clip.frames - 1))
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([path])
    table = [dict(window.frames.row(place)) for place in range(window.frames.rowCount())]
    window.close()
    window.deleteLater()

    assert table == rows
    assert [{column: row[column] for column in before} for before, row in zip(usual, rows, strict=True)] == usual
    assert rows[0].keys() - usual[0].keys() == {"trust_attention_under_flips"}


SECONDS = {"phantom-lesion": "dermoscopy-8", "phantom-clip": "lung-ultrasound"}


@pytest.mark.integration
@pytest.mark.parametrize("name", SECONDS)
def test_that_beside_a_second_model_both_say_the_same_and_light_and_answer_are_those_of_one_alone(
    qtbot, tmp_path, monkeypatch, name
):
    be_patient(tmp_path, monkeypatch)
    (bundle,) = [bundle for bundle in BUNDLES if bundle.manifest.name == name]
    path = tmp_path / "clip.dcm"
    write_phantom(path, bundle.manifest.modality)
    alone = headless_rows(path, name, tmp_path / "alone.jsonl")
    rows = headless_rows(path, name, tmp_path / "rows.jsonl", "--second", SECONDS[name])

    window = build_window(Namespace(bundle=name, modality=None, second=SECONDS[name]))
    window.desk.clip_changed.connect(lambda clip: window.desk.seek(clip.frames - 1))
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([path])
    table = [dict(window.frames.row(place)) for place in range(window.frames.rowCount())]
    banner = window.banner.second.text()
    window.close()
    window.deleteLater()

    assert table == rows
    assert all(row["second_predicted"] for row in rows)
    assert [{column: row[column] for column in before} for before, row in zip(alone, rows, strict=True)] == alone
    assert SECONDS[name] in banner


@pytest.mark.integration
def test_that_given_masks_are_measured_alike_and_change_no_light_and_no_answer(qtbot, tmp_path, monkeypatch):
    be_patient(tmp_path, monkeypatch)
    path, masks = tmp_path / "clip.dcm", tmp_path / "masks"
    write_phantom(path, Modality.DERMOSCOPY)
    masks.mkdir()
    inside = np.zeros((128, 128), np.uint8)
    inside[32:96, 40:90] = 255
    for frame in (0, 2):
        Image.fromarray(inside).save(masks / f"clip_{frame}.png")
    alone = headless_rows(path, "phantom-lesion", tmp_path / "alone.jsonl")
    rows = headless_rows(path, "phantom-lesion", tmp_path / "rows.jsonl", "--given-masks", str(masks))

    window = build_window(
        Namespace(bundle="phantom-lesion", modality=None, second=None, masks_by=None, given_masks=masks)
    )
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([path])
    table = [dict(window.frames.row(place)) for place in range(window.frames.rowCount())]
    banner = window.banner.masks.text()
    window.close()
    window.deleteLater()

    assert table == rows
    assert [row["mask_by"] for row in rows] == ["given", "", "given", "", ""]
    kept = ("predicted", "final", "trail", "trust", "light", "reason")
    assert [[row[name] for name in kept] for row in rows] == [[row[name] for name in kept] for row in alone]
    assert banner == "your masks"


@pytest.mark.integration
def test_that_a_folder_that_does_not_fit_is_grey_in_the_window_as_without_it(qtbot, tmp_path, monkeypatch):
    be_patient(tmp_path, monkeypatch)
    folder = tmp_path / "odd"
    folder.mkdir()
    for number in range(FILES):  # generated lesions, shown to a model of real ones, with red and blue exchanged
        pixels = channels_swapped(lesion_phantom(number, kind="nevus", size=96).pixels)
        write_clip(folder / f"{number:02}.dcm", [pixels], modality="DMS", frame_time_ms=None)
    rows = headless_rows(folder, "dermoscopy-8", tmp_path / "rows.jsonl")
    assert all(row["light"] == "grey" and MISFIT in row["reason"] for row in rows)

    window = build_window(Namespace(bundle="dermoscopy-8", modality=None, second=None))
    said: list[str] = []
    window.desk.progress.connect(lambda words, done, total: said.append(words))
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([folder])
    shown = dict(window.frames.row(0))
    window.close()
    window.deleteLater()

    assert shown in rows
    assert LOOKING in said


def test_that_there_are_bundles_to_compare():
    assert BUNDLES
