"""What the cases at a site come to, in words and shares: alike in the window and without it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from viewer.domain.drift import FALSE_ALARMS, FEWEST_CASES, LIGHTS, LIMIT, Case, Part, SiteView, value_of
from viewer.domain.gate import TYPICAL
from viewer.evaluation.proportion import wilson
from viewer.present.texts import marked
from viewer.present.wording import LIGHT_WORDS, class_word, percent

Say = Callable[[str], str]
"""`tr` where a person reads at once; `str` for what becomes a cell of a table."""

ALARM = marked("the cases here have drifted from those the model was calibrated on: {moved}; {withdrawn}")
WITHDRAWN = marked("its claim is withdrawn until somebody recalibrates it or starts again")

MORE = marked("more {kind} than usual ({here} since about case {since}, {calibration} in the calibration)")
FEWER = marked("less {kind} than usual ({here} since about case {since}, {calibration} in the calibration)")
MORE_LIGHTS = marked("more cases with “{kind}” ({here} since about case {since}, {calibration} in the calibration)")
FEWER_LIGHTS = marked("fewer cases with “{kind}” ({here} since about case {since}, {calibration} in the calibration)")
LESS_TRUST = marked(
    "less trust in the answers (half above {here} since about case {since}, {calibration} in the calibration)"
)
MORE_TRUST = marked(
    "more trust in the answers (half above {here} since about case {since}, {calibration} in the calibration)"
)
OTHER_KIND = marked(
    "pictures are unlike those of the calibration ({here} of the cases since about case {since} are unusual, "
    "{calibration} in the calibration)"
)
OTHER_LOOK = marked(
    "brightness, contrast or colours differ from those of the calibration ({here} of the cases since about case "
    "{since} are unusual, {calibration} in the calibration)"
)
WITHIN_KIND = marked(
    "pictures differ from those of the calibration, each within what is usual, since about case {since}"
)
WITHIN_LOOK = marked(
    "brightness, contrast or colours differ from the calibration, each within what is usual, since about case {since}"
)

TELLS_NOTHING = marked("Nothing can be compared: {reason}")
TOO_FEW = marked("{cases} of the {needed} cases that a comparison takes at least")
NO_CHANGE = marked("No sign that the {cases} cases here differ from those of the calibration")
SOME_SIGN = marked("Signs that the cases here differ, not enough for an alarm ({odds} to 1; the alarm asks for 20)")
WENT_OFF = marked("Alarm after case {case}: the cases here have drifted from those of the calibration")
STATED = marked("At most {share} of sites where nothing has changed ever see this alarm. It says different, not why.")

PART_WORDS = {
    Part.CLASSES: marked("classes"),
    Part.LIGHTS: marked("lights"),
    Part.TRUST: marked("trust"),
    Part.SUITABILITY: marked("kind of pictures"),
    Part.FINGERPRINT: marked("brightness, contrast and colours"),
}

CASES = marked("{cases} cases here, {groups} groups in the calibration")
LIGHTS_ALONE = marked("lights by the numbers alone")
HERE = marked("here")
IN_CALIBRATION = marked("calibration")
TABLE_HEAD = "{what:<30}{here:>20}{calibration:>22}"
EVIDENCE = marked("Evidence that something has changed, to one; the alarm asks for 20")

FIFTHS = 5

SIGN = 3.0
"""Evidence, to one, from which it is mentioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often something is met.

    Attributes:
        name: Of the class or light, as in the tables.
        count: Cases here.
        here, calibration: Shares in [0, 1] with their 95 % intervals: (value, low, high); `here` is (0, 0, 1) without
            a case.
    """

    name: str
    count: int
    here: tuple[float, float, float]
    calibration: tuple[float, float, float]


def class_shares(view: SiteView) -> tuple[Share, ...]:
    """How often each class is answered."""
    return _shares(view, view.classes, lambda case: case.predicted)


def light_shares(view: SiteView) -> tuple[Share, ...]:
    """How often each light would be given by the numbers alone; an alarm does not change them."""
    return _shares(view, [light.value for light in LIGHTS], lambda case: case.light.value)


def trust_shares(view: SiteView) -> tuple[Share, ...]:
    """How often the trust lies in each fifth of the calibration's, the lowest first; `()` where there is none."""
    known = sorted(_values(Part.TRUST, view.calibration))
    here = _values(Part.TRUST, view.cases)
    if len(known) < FIFTHS:
        return ()
    edges = [known[len(known) * place // FIFTHS] for place in range(1, FIFTHS)]
    counts, calibrated = (Counter(bisect_right(edges, value) for value in values) for values in (here, known))
    return tuple(
        Share(
            name=str(fifth + 1),
            count=counts[fifth],
            here=_with_interval(counts[fifth], len(here)),
            calibration=_with_interval(calibrated[fifth], len(known)),
        )
        for fifth in range(FIFTHS)
    )


def alarm_sentence(view: SiteView) -> str:
    """Why no light may claim anything, one sentence for a reason; `""` without an alarm. It stays as it is."""
    if view.drift.alarm is None:
        return ""
    moved = "; ".join(moved_words(view))
    return ALARM.format(moved=moved, withdrawn=WITHDRAWN)


def moved_words(view: SiteView, say: Say = str) -> tuple[str, ...]:
    """What had moved when the alarm went off, from about when it did, each in a few words."""
    alarm = view.drift.alarm
    if alarm is None:
        return ()
    since = view.cases[alarm.since - 1 : alarm.case]
    return tuple(_moved(view, part, since, alarm.since, say) for part in alarm.parts)


def standing(view: SiteView, say: Say = str) -> str:
    """How the site stands, one sentence."""
    drift = view.drift
    if drift.reason:
        return say(TELLS_NOTHING).format(reason=drift.reason)
    if drift.alarm is not None:
        return say(WENT_OFF).format(case=drift.alarm.case)
    if drift.missing:
        return say(TOO_FEW).format(cases=drift.cases, needed=FEWEST_CASES)
    odds = max(drift.evidence.values())
    if odds >= SIGN:
        return say(SOME_SIGN).format(odds=f"{odds:.0f}")
    return say(NO_CHANGE).format(cases=drift.cases)


def stated(say: Say = str) -> str:
    """What an alarm promises, and what it does not say."""
    return say(STATED).format(share=percent(FALSE_ALARMS))


def _shares(view: SiteView, names: Sequence[str], name_of: Callable[[Case], str]) -> tuple[Share, ...]:
    here, there = (Counter(map(name_of, cases)) for cases in (view.cases, view.calibration))
    return tuple(
        Share(
            name=name,
            count=here[name],
            here=_with_interval(here[name], len(view.cases)),
            calibration=_with_interval(there[name], len(view.calibration)),
        )
        for name in names
    )


def _with_interval(count: int, of: int) -> tuple[float, float, float]:
    return (count / of if of else 0.0, *wilson(count, of))


def _moved(view: SiteView, part: Part, cases: Sequence[Case], since: int, say: Say) -> str:
    if part is Part.CLASSES:
        name, here, there = _most_moved(view, cases, view.classes, lambda case: case.predicted)
        words, kind = (MORE if here > there else FEWER), class_word(name)
    elif part is Part.LIGHTS:
        names = [light.value for light in LIGHTS]
        name, here, there = _most_moved(view, cases, names, lambda case: case.light.value)
        words, kind = (MORE_LIGHTS if here > there else FEWER_LIGHTS), say(LIGHT_WORDS[LIGHTS[names.index(name)]])
    elif part is Part.TRUST:
        here, there = (median(_values(part, rows)) for rows in (cases, view.calibration))
        words, kind = (MORE_TRUST if here > there else LESS_TRUST), ""
    else:
        here, there = (_unusual(part, rows) for rows in (cases, view.calibration))
        strange, within = (OTHER_KIND, WITHIN_KIND) if part is Part.SUITABILITY else (OTHER_LOOK, WITHIN_LOOK)
        words, kind = (strange if here > there else within), ""
    return say(words).format(kind=kind, here=percent(here), calibration=percent(there), since=since)


def _most_moved(
    view: SiteView, cases: Sequence[Case], names: Sequence[str], name_of: Callable[[Case], str]
) -> tuple[str, float, float]:
    """The name whose share differs most for what it was, with the share here and in the calibration."""
    here, there = (Counter(map(name_of, rows)) for rows in (cases, view.calibration))
    shares = [(name, here[name] / len(cases), there[name] / len(view.calibration)) for name in names]
    return max(shares, key=lambda share: (share[1] - share[2]) ** 2 / (share[2] + 1 / len(view.calibration)))


def _values(part: Part, cases: Sequence[Case]) -> list[float]:
    return [value for case in cases if (value := value_of(case, part)) is not None]


def _unusual(part: Part, cases: Sequence[Case]) -> float:
    values = _values(part, cases)
    return sum(value < TYPICAL for value in values) / len(values)


def told(view: SiteView, say: Say = str) -> tuple[str, ...]:
    """Everything that is known of a site, line by line, for a terminal."""
    lines = [standing(view, say)]
    lines += [f"  {words}" for words in moved_words(view, say)]
    lines += [stated(say), ""]
    lines += [say(CASES).format(cases=view.drift.cases, groups=len(view.calibration)), ""]
    for title, shares in (
        (say(PART_WORDS[Part.CLASSES]), class_shares(view)),
        (say(LIGHTS_ALONE), light_shares(view)),
    ):
        lines.append(TABLE_HEAD.format(what=title[:28], here=say(HERE), calibration=say(IN_CALIBRATION)))
        lines += [_line(share) for share in shares]
        lines.append("")
    lines.append(say(EVIDENCE))
    lines += [f"  {say(PART_WORDS[part])}: {odds:.3g}" for part, odds in view.drift.evidence.items()]
    return tuple(lines)


def as_json(view: SiteView) -> dict[str, object]:
    """The same as one object."""
    drift = view.drift
    alarm = None
    if drift.alarm is not None:
        alarm = {
            "case": drift.alarm.case,
            "since": drift.alarm.since,
            "parts": [part.value for part in drift.alarm.parts],
            "moved": list(moved_words(view)),
        }
    return {
        "cases": drift.cases,
        "calibration_groups": len(view.calibration),
        "false_alarms": FALSE_ALARMS,
        "limit": LIMIT,
        "alarm": alarm,
        "standing": standing(view),
        "evidence": {part.value: odds for part, odds in drift.evidence.items()},
        "path": list(drift.path),
        "classes": [_record(share) for share in class_shares(view)],
        "lights": [_record(share) for share in light_shares(view)],
    }


def _line(share: Share) -> str:
    def words(figures: tuple[float, float, float]) -> str:
        return "{:.0%} ({:.0%}–{:.0%})".format(*figures).replace("%", " %")

    return f"  {class_word(share.name):<28}{words(share.here):>20}{words(share.calibration):>22}"


def _record(share: Share) -> dict[str, object]:
    named = ("value", "low", "high")
    here, calibration = (dict(zip(named, f, strict=True)) for f in (share.here, share.calibration))
    return {"name": share.name, "count": share.count, "here": here, "calibration": calibration}
