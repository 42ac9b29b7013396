"""Do the steps that prepare dermoscopy help? Measured on real pictures, with and without learning a layer anew.

Needs the folder of real data (VIEWER_DATA). What has been computed is kept in the work folder and not computed again.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from kinds import DATA, read, rows_of, thinned
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from torchvision.models import mobilenet_v2

from viewer.api import Need
from viewer.datasets.split import pseudonym
from viewer.domain.bundle import STEPS, Manifest, Step
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess
from viewer.engine.steps.colour import evened_out
from viewer.engine.steps.corners import lit_box, round_field
from viewer.engine.steps.hair import hair_mask, without_hair
from viewer.phantoms.artefacts import paint_hairs
from viewer.phantoms.lesion import KINDS, lesion_phantom
from viewer.resources import shipped_bundles

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "preprocessing_study.json"

Json = dict[str, Any]
Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

WAYS: Mapping[str, tuple[Step, ...]] = {
    "none": (),
    "corner_crop": STEPS[:1],
    "hair_removal": STEPS[1:2],
    "colour_constancy": STEPS[2:],
    "all three": STEPS,
}
DRAWS, SEED, FOLDS, SIDE = 2000, 20280, 5, 160
AS_IN_DERMOSCOPY_8 = {"common_nevus": "nevus", "atypical_nevus": "nevus"}


def balanced(right: NDArray[np.bool_], labels: NDArray[np.intp], weights: Floats) -> Floats:
    """Mean over the classes of the share of right answers, under weights (draws, n)."""
    shares = []
    for label in np.unique(labels):
        own = weights[:, labels == label]
        with np.errstate(invalid="ignore"):
            shares.append(own @ right[labels == label] / own.sum(axis=1))
    mean: Floats = np.nanmean(np.stack(shares), axis=0)
    return mean


def compared(right: Mapping[str, NDArray[np.bool_]], labels: NDArray[np.intp], groups: Sequence[str]) -> Json:
    """Balanced accuracy of every way, and its difference from none with a paired interval over groups."""
    numbers = np.unique(np.array(groups), return_inverse=True)[1]
    count = int(numbers.max()) + 1
    draws = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), DRAWS)[:, numbers].astype(float)
    once = np.ones((1, len(labels)))
    plain = balanced(right["none"], labels, draws)
    found: Json = {"pictures": len(labels), "groups": count, "ways": {}}
    for way, correct in right.items():
        drawn = balanced(correct, labels, draws)
        here = float(balanced(correct, labels, once)[0])
        low, high = np.percentile(drawn, [2.5, 97.5])
        entry: Json = {"value": here, "low": float(low), "high": float(high)}
        if way != "none":
            low, high = np.percentile(drawn - plain, [2.5, 97.5])
            entry["difference"] = {
                "difference": here - float(balanced(right["none"], labels, once)[0]),
                "low": float(low),
                "high": float(high),
            }
            entry["others"] = int((correct != right["none"]).sum())
        found["ways"][way] = entry
    return found


def kept(work: Path, name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """An array that is computed once."""
    path = work / f"{name}.npy"
    if not path.exists():
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        np.save(path.with_suffix(".part.npy"), make())
        path.with_suffix(".part.npy").replace(path)
    array: NDArray[Any] = np.load(path, allow_pickle=False)
    return array


def clean_rows(name: str) -> list[dict[str, str]]:
    """Rows of one of the sets of dermoscopy, without copies and doubtful classes."""
    return [
        row
        for row in rows_of("derm/labels.csv")
        if row["set"] == name and row["exact_dup"] == "0" and row["class_clean"]
    ]


def asked(name: str) -> list[dict[str, str]]:
    """Pictures that dermoscopy-8 is asked about: none of its training groups, and classes it knows."""
    bundle = read_bundle(shipped_bundles() / "dermoscopy-8")
    held_out = {row["group"] for part in ("fit", "certify") for row in bundle.predictions(part)}
    rows = [
        {**row, "class_clean": AS_IN_DERMOSCOPY_8.get(row["class_clean"], row["class_clean"])}
        for row in clean_rows(name)
    ]
    return [row for row in rows if name != "isic9_180" or pseudonym(row["group_id"]) in held_out]


def answers(work: Path, name: str) -> Json:
    """What dermoscopy-8 answers without having been trained for the steps."""
    engine = Engine(read_bundle(shipped_bundles() / "dermoscopy-8"), Architectures(), device="cpu", cache_bytes=0)
    rows = asked(name)
    predicted = {
        way: kept(work, f"answers-{name}-{way}".replace(" ", "-"), partial(_answered, engine, rows, steps))
        for way, steps in WAYS.items()
    }
    classes = engine.bundle.manifest.classes
    labels = np.array([classes.index(row["class_clean"]) for row in rows], np.intp)
    right = {way: answer == labels for way, answer in predicted.items()}
    found = compared(right, labels, [row["group_id"] for row in rows])
    for way, entry in found["ways"].items():
        entry["changed"] = float((predicted[way] != predicted["none"]).mean())
    return found


def _answered(engine: Engine, rows: Sequence[Mapping[str, str]], steps: tuple[Step, ...]) -> NDArray[np.intp]:
    prepared = engine.preparing(replace(engine.bundle.manifest, steps=steps))
    found = []
    for row in rows:
        (picture,) = read([DATA / "derm" / row["file"]])
        found.append(int(prepared.evidence([picture], frozenset({Need.LOGITS})).predicted[0]))
    return np.array(found, np.intp)


def probe(work: Path, name: str) -> Json:
    """A linear classifier on the features of MobileNetV2 as it comes, cross-validated by group."""
    network = mobilenet_v2()
    (weights,) = (DATA / "weights" / "mobilenet_v2").glob("*.pth")
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    network = network.eval().to(memory_format=torch.channels_last)
    rows = clean_rows(name)
    features = {
        way: kept(work, f"features-{name}-{way}".replace(" ", "-"), partial(_features, network, rows, steps))
        for way, steps in WAYS.items()
    }
    labels = np.unique([row["class_clean"] for row in rows], return_inverse=True)[1]
    groups = [row["group_id"] for row in rows]
    right = {way: _cross_validated(array, labels, groups) == labels for way, array in features.items()}
    return compared(right, labels, groups)


def _features(
    network: torch.nn.Module, rows: Sequence[Mapping[str, str]], steps: tuple[Step, ...]
) -> NDArray[np.float32]:
    manifest = _manifest(steps)
    batches = []
    for begin in range(0, len(rows), 16):
        pictures = read([DATA / "derm" / row["file"] for row in rows[begin : begin + 16]])
        inputs = torch.from_numpy(np.stack([preprocess(picture, manifest) for picture in pictures]))
        with torch.inference_mode():
            maps = network.features(inputs.contiguous(memory_format=torch.channels_last))  # type: ignore[operator]
        batches.append(maps.mean(dim=(2, 3)).numpy())
    return np.concatenate(batches)


def _manifest(steps: tuple[Step, ...]) -> Manifest:
    bundle = read_bundle(shipped_bundles() / "dermoscopy-8")
    return replace(bundle.manifest, input_size=SIDE, steps=steps)


def _cross_validated(
    features: NDArray[np.float32], labels: NDArray[np.intp], groups: Sequence[str]
) -> NDArray[np.intp]:
    """Answers of five folds, each by a classifier that saw no picture of its groups."""
    predicted = np.zeros_like(labels)
    for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(features, labels, groups):
        mean, spread = features[train].mean(axis=0), features[train].std(axis=0) + 1e-3
        probe = LogisticRegression(C=0.003, max_iter=300, class_weight="balanced")
        probe.fit((features[train] - mean) / spread, labels[train])
        predicted[test] = probe.predict((features[test] - mean) / spread)
    return predicted


def hairs() -> Json:
    """Hairs painted on pictures that are known without them: what is found, and how close painting over comes."""
    real = [picture.rgb for picture in read(sorted((DATA / "derm/artefacts/originals").glob("*.jpg")))]
    squares = [rgb[:, (rgb.shape[1] - rgb.shape[0]) // 2 :][:, : rgb.shape[0]] for rgb in thinned(real, 24)]
    made = [lesion_phantom(seed, kind=KINDS[seed % len(KINDS)], size=384).pixels for seed in range(24)]
    return {"phantoms, 384 × 384": _hairs_on(made), "real lesions, 450 × 450": _hairs_on(squares)}


def _hairs_on(clean: Sequence[Pixels]) -> Json:
    rows: list[Json] = []
    for number, rgb in enumerate(clean):
        hairy, where = hairs_on(rgb, number)
        mask = hair_mask(hairy)
        entry: Json = {"found": mask[where].mean(), "elsewhere": mask[~where].mean(), "clean": hair_mask(rgb).mean()}
        for way, after in (("as it is", hairy), ("viewer", without_hair(hairy)), ("opencv", by_opencv(hairy))):
            away = np.abs(after.astype(int) - rgb).mean(axis=2)
            entry[way] = {"inside": away[where].mean(), "outside": away[~where].mean()}
        rows.append(entry)
    return {
        "pictures": len(rows),
        **{name: float(np.mean([row[name] for row in rows])) for name in ("found", "elsewhere", "clean")},
        **{
            way: {part: float(np.mean([row[way][part] for row in rows])) for part in ("inside", "outside")}
            for way in ("as it is", "viewer", "opencv")
        },
    }


def hairs_on(rgb: Pixels, seed: int) -> tuple[Pixels, NDArray[np.bool_]]:
    """A square picture with hairs painted on it, and where."""
    linear = ((rgb / 255.0) ** 2.2).astype(np.float32).transpose(2, 0, 1).copy()
    rng = np.random.default_rng((SEED, seed))
    where = paint_hairs(linear, rng, int(rng.integers(4, 16)))
    hairy = np.rint(255 * np.clip(linear, 0, 1).transpose(1, 2, 0) ** (1 / 2.2)).astype(np.uint8)
    return hairy, where


def by_opencv(rgb: Pixels) -> Pixels:
    """DullRazor as it is usually written with OpenCV: black-hat on grey levels, a threshold, Telea's inpainting."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (17, 17))
    black = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    _, mask = cv2.threshold(black, 10, 255, cv2.THRESH_BINARY)
    return cv2.inpaint(np.ascontiguousarray(rgb), mask, 3, cv2.INPAINT_TELEA).astype(np.uint8)


def corners() -> Json:
    """Circles painted on real pictures without corners; and what cropping leaves of PH2's lesions and corners."""
    real = read(sorted((DATA / "derm/artefacts/originals").glob("*.jpg")))
    free = [one for one in real if round_field(one.rgb) is None]
    rng = np.random.default_rng(SEED)
    overlaps, missed = [], 0
    for picture in free:
        rows, columns = picture.rgb.shape[:2]
        x, y = columns * rng.uniform(0.45, 0.55), rows * rng.uniform(0.45, 0.55)
        radius, soft = columns * rng.uniform(0.4, 0.56), columns * rng.uniform(0.005, 0.04)
        down, along = np.mgrid[:rows, :columns] + 0.5
        away = np.hypot(along - x, down - y)
        light = np.clip((radius - away) / soft + 0.5, 0.05, 1)[..., None]
        field = round_field(np.rint(picture.rgb * light).astype(np.uint8))
        if field is None:
            missed += 1
            continue
        true = away < radius
        there = np.hypot(along - field.x * columns, down - field.y * columns) < field.radius * columns
        overlaps.append((true & there).sum() / (true | there).sum())
    rows_ph2 = [row for row in rows_of("derm/labels.csv") if row["set"] == "ph2"]
    pictures = read([DATA / "derm" / row["file"] for row in rows_ph2])
    masks = [np.asarray(Image.open(DATA / "derm" / row["mask"]).convert("L")) > 127 for row in rows_ph2]
    cropped, lost, left = 0, [], []
    dark: dict[str, list[float]] = {"before": [], "after": []}
    for picture, mask in zip(pictures, masks, strict=True):
        top, first, bottom, last = lit_box(picture.rgb)
        box = np.s_[top:bottom, first:last]
        if picture.rgb[box].shape == picture.rgb.shape:
            continue
        cropped += 1
        lost.append(1 - mask[box].sum() / mask.sum())
        left.append(mask[box].size / mask.size)
        level = 0.45 * np.percentile(picture.rgb.max(axis=2), 75)
        for name, part, own in (("before", picture.rgb, mask), ("after", picture.rgb[box], mask[box])):
            dark[name].append(float(((part.max(axis=2) < level) & ~own).mean()))
    return {
        "painted": len(free),
        "missed": missed,
        "overlap": float(np.mean(overlaps)),
        "least_overlap": float(np.min(overlaps)),
        "ph2": len(pictures),
        "cropped": cropped,
        "left": float(np.mean(left)),
        "lesion_lost": float(np.mean(lost)),
        "lesion_lost_most": float(np.max(lost)),
        "lesions_cut_by_5_per_cent": int((np.array(lost) > 0.05).sum()),
        "dark_before": float(np.mean(dark["before"])),
        "dark_after": float(np.mean(dark["after"])),
    }


def colours() -> Json:
    """How much the skin around PH2's lesions differs from picture to picture in colour, before and after."""
    rows = [row for row in rows_of("derm/labels.csv") if row["set"] == "ph2"]
    tints: dict[str, list[Floats]] = {"before": [], "after": []}
    lesion: dict[str, list[Floats]] = {"before": [], "after": []}
    for row, picture in zip(rows, read([DATA / "derm" / row["file"] for row in rows]), strict=True):
        mask = np.asarray(Image.open(DATA / "derm" / row["mask"]).convert("L")) > 127
        top, left, bottom, right = lit_box(picture.rgb)
        box = np.s_[top:bottom, left:right]
        for name, rgb in (("before", picture.rgb[box]), ("after", evened_out(picture.rgb[box]))):
            lab = cv2.cvtColor((rgb / 255).astype(np.float32), cv2.COLOR_RGB2LAB)
            tints[name].append(np.median(lab[~mask[box]], axis=0))
            lesion[name].append(np.median(lab[mask[box]], axis=0))
    found: Json = {"pictures": len(rows)}
    for name in tints:
        skin, inside = np.array(tints[name], float), np.array(lesion[name], float)
        found[name] = {
            "skin": float(np.sqrt(((skin - skin.mean(axis=0))[:, 1:] ** 2).sum(axis=1).mean())),
            "lesion": float(np.sqrt(((inside - inside.mean(axis=0))[:, 1:] ** 2).sum(axis=1).mean())),
            "contrast": float(np.linalg.norm(inside - skin, axis=1).mean()),
        }
    return found


def times() -> Json:
    """Preparing a picture as a part of a bare pass of dermoscopy-8, in time of the processor, medians."""
    bundle = read_bundle(shipped_bundles() / "dermoscopy-8")
    engine = Engine(bundle, Architectures(), device="cpu", threads=1, cache_bytes=0)
    small = read(sorted((DATA / "derm/artefacts/originals").glob("*.jpg"))[:7])
    shown = {"600 × 450": small, "6000 × 4500": [Picture(np.kron(small[0].rgb, np.ones((10, 10, 1), np.uint8)))] * 3}
    found: Json = {}
    for size, pictures in shown.items():
        found[size] = {}
        for way, steps in WAYS.items():
            manifest = replace(bundle.manifest, steps=steps)
            ratios = []
            for picture in pictures:
                fresh = Picture(picture.rgb.copy())  # a box that was found before would be known
                begun = time.process_time()
                square = torch.from_numpy(preprocess(fresh, manifest)[None])
                prepared = time.process_time()
                with torch.inference_mode():
                    engine.network(square)
                ratios.append((prepared - begun) / (time.process_time() - prepared))
            found[size][way] = statistics.median(ratios)
    return found


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for what has been computed")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    parts: Mapping[tuple[str, str], Callable[[], Json]] = {
        ("corners", ""): corners,
        ("colours", ""): colours,
        ("hairs", ""): hairs,
        ("times", ""): times,
        ("probes", "ph2"): lambda: probe(args.work, "ph2"),
        ("answers", "artefacts"): lambda: answers(args.work, "artefacts"),
        ("answers", "ph2"): lambda: answers(args.work, "ph2"),
        ("probes", "isic9_180"): lambda: probe(args.work, "isic9_180"),
        ("answers", "isic9_180"): lambda: answers(args.work, "isic9_180"),
    }
    record: Json = {}
    for (name, part), measure in parts.items():
        path = args.work / f"{name}{part and f'-{part}'}.json"
        if not path.exists():
            print(f"{time.strftime('%H:%M:%S')} {path.stem}", flush=True)
            path.write_text(json.dumps(measure(), indent=1), encoding="utf-8")
        found = json.loads(path.read_text(encoding="utf-8"))
        record |= {name: record.get(name, {}) | {part: found}} if part else {name: found}
        RESULTS.write_text(f"{json.dumps(record, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
