"""One case as a page shows it: picture, answer, truth, trust, light and its reasons."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.evaluation.table import PredictionTable
from viewer.present.colours import look
from viewer.present.wording import class_word, percent
from viewer.report.evaluation_cases import light_of, name_of

Floats = NDArray[np.float64]

MOST_BARS = 4
"""Classes whose probabilities are shown, the most probable first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Pictures of a case.

    Attributes:
        picture: As displayed, as a data URI.
        overlay: The same with what the network attended to, as a data URI; `""` without.
        overlay_title: What the overlay shows.
        note: Why something is missing; `""` where nothing is.
    """

    picture: str
    overlay: str = ""
    overlay_title: str = ""
    note: str = ""


Illustrate = Callable[[int], Shown | None]
"""Pictures of a row of the table; None where there are none."""


def nothing(row: int) -> Shown | None:
    """Nothing is shown."""
    return None


def case_card(table: PredictionTable, row: int, trust: Floats | None, illustrate: Illustrate) -> dict[str, object]:
    """One case as the gallery shows it."""
    light = light_of(table, row)
    predicted = str(table.words["predicted"][row]) if "predicted" in table.words else ""
    answer = table.classes[table.answer[row]]
    folder, _, name = name_of(table, row).rpartition("/")
    return {
        "folder": folder,
        "name": name,
        "group": "" if table.groups is None else table.group_names[table.groups[row]],
        "answer": class_word(answer),
        "truth": class_word(table.classes[table.true[row]]),
        "predicted": class_word(predicted) if predicted and predicted != answer else "",
        "trust": "" if trust is None or not np.isfinite(trust[row]) else percent(float(trust[row])),
        "light": None if light is None else light_look(light),
        "reason": str(table.words["reason"][row]) if "reason" in table.words else "",
        "bars": _bars(table, row),
        "shown": illustrate(row),
    }


def light_look(light: Light) -> dict[str, str]:
    """Name, shape and word of a light."""
    shown = look(light, "light")
    return {"name": light.value, "shape": shown.shape, "word": shown.word}


def _bars(table: PredictionTable, row: int) -> list[tuple[str, float, str, bool]]:
    """Class, per cent as a number and in words, and whether it is the true one, of the most probable classes."""
    if table.probabilities is None:
        return []
    shares = table.probabilities[row]
    return [
        (class_word(table.classes[k]), 100 * float(shares[k]), percent(float(shares[k])), bool(k == table.true[row]))
        for k in np.argsort(-shares, kind="stable")[:MOST_BARS]
    ]
