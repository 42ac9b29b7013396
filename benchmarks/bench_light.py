"""What the light costs: a frame of dermoscopy-8, judging it, and certifying a hundred thousand answers.

A frame is judged from its scorers' rows: suitability and fingerprint are computed from a gate of 2000 pictures with
looks of 70 numbers (the most a bundle keeps), the trusts of four scorers are combined, and the light is taken from
the certificate. Certifying reads the tables of a bundle, fits the combination, tests every claim for frames and for
clips, and writes the bundle; its memory is what the process has in RAM more than before, at the highest.
A frame of dermoscopy-8 goes from pixels to its light, with every scorer, against one bare forward of torchvision's
MobileNetV2 on a ready tensor and as many threads; three such networks look at four mirror images each, so twelve
times the bare forward are owed to the network, and the goal leaves a quarter for everything else.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import torch
import torchvision
from measure import Figure, arguments, interleaved, median_ms, p95_ms, peak_mb, resident_mb, write

from viewer.assessment.combine import combined_trust
from viewer.assessment.light import Findings, Grounds, judge
from viewer.assessment.suitability import Gatekeeper
from viewer.domain.bundle import Manifest
from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.gate import Gate
from viewer.domain.image import Modality
from viewer.domain.result import About, Light, Score, ScoreRow
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.settings import Settings
from viewer.testing.fakes import FakeScorer, entry_point, plugin_module
from viewer.training.calibrating import Calibrating, certify_bundle

CLASSES = tuple(f"class {index}" for index in range(8))
COMBINED = ("softmax", "margin", "entropy", "energy")
WEIGHTS = dict.fromkeys(COMBINED, 0.25)
NEAR = ("knn", "middle_mahalanobis")
MADE = date(2026, 3, 1)
FRAMES = 5
"""Of every clip of the tables."""


def gate(pictures: int, groups: int) -> Gate:
    """A gate whose distances and looks are normal."""
    random = np.random.default_rng(0)
    return Gate(
        scorers=NEAR,
        distances={name: np.abs(random.normal(size=pictures)) for name in NEAR},
        looks=random.normal(size=(pictures, 70)).astype(np.float32),
        groups=np.arange(pictures) % groups,
        labels=np.arange(pictures) % groups % 8,
    )


def certificate() -> Certificate:
    """One that makes a trust of a half green."""
    claim = Claim(threshold=0.4, decisions=120, groups=120, errors=4, coverage=0.5)
    return Certificate(
        weights="a" * 64,
        temperature=1.0,
        distributions="b" * 64,
        scorers=tuple(
            NamedScorer(plugin="scores", name=name, version="1", state="", weight=weight)
            for name, weight in WEIGHTS.items()
        ),
        classes=CLASSES,
        critical_classes=(),
        unit="frame",
        test="exact binomial",
        risk=0.1,
        delta=0.05,
        critical_risk=0.05,
        groups=240,
        decisions=240,
        made=MADE,
        green=claim,
        red=replace(claim, threshold=0.1, errors=100),
        by_class={},
        missed=None,
        missed_cases=0,
        benign_green=0,
        more_groups=None,
    )


def row(name: str, about: About, weight: float) -> ScoreRow:
    """An answer in the middle of what is known."""
    return ScoreRow(
        name=name, title=name, plugin="scores", about=about, weight=weight, result=Score(trust=0.5, raw=0.7)
    )


def shipped(repeats: int) -> Figure:
    """Time a frame of the bundle for dermoscopy in turn with a bare forward."""
    host = PluginHost(Settings())
    host.load()
    bundle = read_bundle(shipped_bundles() / "dermoscopy-8")
    assessor = Assessor(Engine(bundle, Architectures(), device="cpu", cache_bytes=0), host, explaining=False)
    picture = Picture(np.random.default_rng(0).integers(0, 256, (180, 180, 3), np.uint8))
    side = bundle.manifest.input_size
    bare, planes = torchvision.models.mobilenet_v2(num_classes=8).eval(), torch.zeros(1, 3, side, side)

    def forward() -> None:
        with torch.inference_mode():
            bare(planes)

    works = {"viewer": lambda: assessor.assess([Place.alone(picture)], Modality.DERMOSCOPY), "bare": forward}
    interleaved(works, min(3, repeats))
    times = {name: median_ms(seconds) for name, seconds in interleaved(works, repeats).items()}
    host.close()
    return Figure(
        name="a frame of dermoscopy-8 from pixels to its light against one bare forward of mobilenet_v2",
        value=times["viewer"] / times["bare"],
        goal=15.0,
        unit="×",
        detail={
            "viewer ms": times["viewer"],
            "bare forward ms": times["bare"],
            "network": bundle.manifest.architecture,
            "scorers": str(len(assessor.scorers)),
            "threads": str(torch.get_num_threads()),
            "repetitions": str(repeats),
        },
    )


def judging(repeats: int) -> Figure:
    """Time one frame after the other."""
    keeper = Gatekeeper(gate(2000, 400))
    grounds = Grounds(model=Modality.OTHER, certificate=certificate(), named=(*COMBINED, *NEAR))
    rows = [row(name, About.CORRECTNESS, 0.25) for name in COMBINED]
    rows += [row(name, About.SUITABILITY, 0.0) for name in NEAR]
    knots = {name: np.linspace(0, 1, 101) for name in COMBINED}
    looks = np.random.default_rng(1).normal(scale=0.5, size=(repeats + 10, 70)).astype(np.float32)
    shown = iter(looks)

    def work() -> None:
        suited = keeper.judge(
            {each.name: each.result.raw for each in rows if isinstance(each.result, Score)}, next(shown)
        )
        trust = combined_trust(rows, WEIGHTS, knots)
        found = Findings(
            picture=Modality.OTHER, rows=rows, trust=trust, predicted="class 1", final="class 1", suited=suited
        )
        if judge(found, grounds)[0] is Light.GREY:
            raise SystemExit("a frame that should be judged was not")

    interleaved({"judge": work}, 10)
    seconds = interleaved({"judge": work}, repeats)["judge"]
    return Figure(
        name="judging a frame: suitability, fingerprint, combined trust and light, p95",
        value=p95_ms(seconds),
        goal=1.0,
        unit="ms",
        detail={"median ms": median_ms(seconds), "pictures of the gate": "2000", "repetitions": str(repeats)},
    )


def rows(clips: int, part: str, seed: int) -> Iterator[Mapping[str, object]]:
    """A table of clips, one for each group; answers are right in 85 of 100."""
    random = np.random.default_rng(seed)
    for clip in range(clips):
        right = random.random() < 0.85
        trusts = 1 / (1 + np.exp(-(1.5 * (right - 0.5) + random.normal(size=(FRAMES, len(COMBINED))))))
        p_values = random.random((FRAMES, 2))
        for frame in range(FRAMES):
            yield {
                "group": f"{part}{clip}",
                "clip": f"{part}-clip{clip}",
                "frame": frame,
                "label": CLASSES[clip % 8],
                "predicted": CLASSES[(clip + (not right)) % 8],
                **{
                    f"p_{name}": 0.93 if index == (clip + (not right)) % 8 else 0.01
                    for index, name in enumerate(CLASSES)
                },
                **{f"trust_{name}": repr(float(trusts[frame, i])) for i, name in enumerate(COMBINED)},
                "suitability": repr(float(p_values[frame, 0])),
                "fingerprint": repr(float(p_values[frame, 1])),
            }


def bundle_of(folder: Path, clips: int) -> Bundle:
    """A bundle whose certify table has so many clips."""
    manifest = Manifest(
        name="many",
        version="1",
        architecture="squeezenet1_0",
        classes=CLASSES,
        modality=Modality.OTHER,
        intended_use="Measuring time.",
        licence="Apache-2.0",
        input_size=64,
    )
    return write_bundle(
        folder / "many",
        manifest,
        {"a": np.zeros(3, np.float32)},
        card="# many\n",
        distributions={name: np.linspace(0, 1, 101) for name in COMBINED},
        versions=dict.fromkeys((*COMBINED, *NEAR), "1"),
        gate=gate(400, 200),
        predictions={"fit": list(rows(200, "f", 0)), "certify": list(rows(clips, "c", 1))},
    )


@contextmanager
def scorers() -> Iterator[PluginHost]:
    """A host that offers what the tables name."""
    offered = [FakeScorer(name) for name in COMBINED]
    offered += [FakeScorer(name, about=About.SUITABILITY) for name in NEAR]
    host = PluginHost(Settings(), [entry_point("scores", plugin_module(scorers=offered))])
    host.load()
    yield host
    host.close()


def certifying(clips: int) -> Sequence[Figure]:
    """Time the certificate of a long table, and what it takes in memory."""
    with tempfile.TemporaryDirectory() as folder, scorers() as host:
        small = bundle_of(Path(folder) / "small", 40)
        certify_bundle(small, host, Calibrating(out=Path(folder) / "warm", made=MADE), lambda sentence: None)
        bundle = bundle_of(Path(folder), clips)
        _forget_peak()
        before, start = resident_mb(), time.perf_counter()
        made = certify_bundle(bundle, host, Calibrating(out=Path(folder) / "made", made=MADE), lambda sentence: None)
        seconds, peak = time.perf_counter() - start, peak_mb()
        table_mb = (bundle.path / "calibration" / "certify.csv").stat().st_size / 1e6
    if made.certificate is None or made.clip_certificate is None:
        raise SystemExit("a certificate is missing")
    detail: dict[str, float | str] = {"clips": str(made.clip_certificate.decisions), "table MB": table_mb}
    name = f"certifying {made.certificate.decisions:,} rows, frames and clips, from the table to the new bundle"
    return [
        Figure(name=name, value=seconds, goal=5.0, unit="s", detail=detail),
        Figure(name=f"{name}: growth of memory", value=peak - before, goal=50.0, unit="MB", detail=detail),
    ]


def _forget_peak() -> None:
    """Begin to measure the highest resident memory anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main() -> None:
    """Measure; the shipped bundle last, so that certifying starts with little in memory."""
    options = arguments(__doc__)
    figures = [judging(50 if options.quick else 2000), *certifying(200 if options.quick else 20_000)]
    write([shipped(3 if options.quick else 100), *figures], options)


if __name__ == "__main__":
    main()
