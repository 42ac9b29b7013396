"""The chest of one patient and how it is scanned: what all clips of that patient share."""

from dataclasses import dataclass

import numpy as np

from viewer.phantoms.probe import Probe, ProbeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Chest:
    """A patient in the hands of a sonographer.

    Attributes:
        group: Name of the patient.
        probe: Probe and depth setting.
        pleura_mm: Depth of the pleural line.
        fat: Share of the wall that is subcutaneous fat rather than muscle, [0, 1].
        echogenicity_db: How bright the wall is compared with a typical patient.
        breath_ms: Length of one breath.
        sliding_mm: Excursion of the lung along the pleura.
        gain_db: Gain of the machine.
        dynamic_range_db: Range between black and white.
        frame_time_ms: Time between frames.
    """

    group: str
    probe: Probe
    pleura_mm: float
    fat: float
    echogenicity_db: float
    breath_ms: float
    sliding_mm: float
    gain_db: float
    dynamic_range_db: float
    frame_time_ms: float

    def breath(self, time_ms: float, phase: float) -> float:
        """Filling of the lung at a time, 0 expired to 1 inspired; inspiration is the shorter part."""
        cycle = (time_ms / self.breath_ms + phase) % 1.0
        position = cycle / 0.4 * 0.5 if cycle < 0.4 else 0.5 + (cycle - 0.4) / 0.6 * 0.5
        return float(0.5 - 0.5 * np.cos(2 * np.pi * position))


def draw_chest(rng: np.random.Generator, group: str, probe: ProbeKind | None = None) -> Chest:
    """Draw a patient; without `probe` two of three are scanned with a convex one."""
    kind: ProbeKind = probe or ("convex" if rng.random() < 2 / 3 else "linear")
    if kind == "convex":
        array = Probe(
            kind="convex",
            radius_mm=float(rng.uniform(40, 62)),
            half_angle=float(rng.uniform(0.44, 0.58)),
            depth_mm=float(rng.uniform(85, 140)),
        )
        pleura = rng.uniform(17, 34)
    else:
        array = Probe(kind="linear", width_mm=float(rng.uniform(38, 52)), depth_mm=float(rng.uniform(45, 70)))
        pleura = rng.uniform(11, 21)
    return Chest(
        group=group,
        probe=array,
        pleura_mm=float(pleura),
        fat=float(rng.uniform(0.25, 0.6)),
        echogenicity_db=float(rng.normal(0, 2.5)),
        breath_ms=float(rng.uniform(2200, 4500)),
        sliding_mm=float(rng.uniform(4, 10)),
        gain_db=float(rng.normal(0, 3.5)),
        dynamic_range_db=float(rng.uniform(50, 68)),
        frame_time_ms=float(rng.choice([33.3, 40.0, 50.0, 66.7])),
    )
