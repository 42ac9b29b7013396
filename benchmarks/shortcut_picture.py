"""A picture of what the study of shortcuts is about: where two models look, and what is left under the cover."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from shortcut_methods import carries, samples_of
from viewer_attention_verification.maps import gam

from viewer.cli.chosen_model import engine_of
from viewer.domain.evidence import Need
from viewer.engine.bundle import read_bundle
from viewer.engine.picture import Picture
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.pictures import Reader
from viewer.training.shortcuts import look, only_inside

LOOKED_AT = 40
"""Pictures among which the surest shortcut error is looked for."""

GAP = 6

_ORANGE = np.array([255.0, 110.0, 0.0])


def draw_picture(work: Path, artefacts: Sequence[str], file: Path) -> None:
    """A row for each artefact: a lesion it misleads with, where either model looks, the lesion under the cover."""
    rows = np.vstack([_row(work / artefact) for artefact in artefacts])
    Image.fromarray(rows).save(file, quality=90, optimize=True)


def _row(folder: Path) -> NDArray[np.uint8]:
    host = PluginHost(Settings())
    host.load()
    try:
        bundles = (read_bundle(folder / f"bundle-{world}") for world in ("leaking", "honest"))
        engines = [engine_of(bundle, host, "cpu") for bundle in bundles]
        carrying = [sample for sample in samples_of(folder / "test") if carries(sample)][:LOOKED_AT]
        looks = look(engines[0], carrying, Reader(1, print))
        wrong = (looks.answers != looks.labels) & looks.lost
        chosen = carrying[int(np.argmax(np.where(wrong, looks.drop, -np.inf)))]
        rgb, mask = _levels(chosen.path), _levels(chosen.mask or chosen.path)[..., 0] > 127
        seen = [engine.evidence([Picture(rgb=rgb)], frozenset({Need.ATTENTION})).attention for engine in engines]
    finally:
        host.close()
    tiles = [rgb, *(_tinted(rgb, gam(one)[0]) for one in seen if one is not None), only_inside(rgb, mask)]
    return np.hstack([np.pad(tile, ((0, GAP), (0, GAP), (0, 0)), constant_values=255) for tile in tiles])


def _levels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def _tinted(rgb: NDArray[np.uint8], attention: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Attention in orange over the picture in grey."""
    rows, columns, _ = rgb.shape
    smooth = np.asarray(Image.fromarray(attention).resize((columns, rows), Image.Resampling.BICUBIC)).clip(0, 1)
    share = 0.65 * smooth[..., None]
    tinted: NDArray[np.uint8] = (rgb.mean(axis=2, keepdims=True) * (1 - share) + _ORANGE * share).astype(np.uint8)
    return tinted
