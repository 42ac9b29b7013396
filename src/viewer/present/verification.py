"""Whether a model suits the pictures of a site, in words and as JSON: the same in window, command and report."""

from collections.abc import Callable, Mapping
from pathlib import Path

from viewer.domain.result import About
from viewer.domain.verification import TOLD, Beside, Better, Ground, Metric, Share, Verdict, Verification
from viewer.present.rows import path_text, rounded
from viewer.present.texts import marked
from viewer.present.wording import class_word, of_hundred, percent

Say = Callable[[str], str]
"""`tr` where a person reads at once; `str` for what becomes data."""

NEEDED = 20
"""Patients, or files, that a verdict takes; the rules stand in `viewer.assessment.suiting`."""

VERDICT_WORDS = {
    Verdict.SUITABLE: marked("Suitable"),
    Verdict.DOUBTFUL: marked("Doubtful"),
    Verdict.UNSUITABLE: marked("Unsuitable"),
}

ADVICE = {
    Verdict.SUITABLE: marked(
        "Nothing here speaks against using the model for such pictures. How often it is right here is not known "
        "without diagnoses: viewer evaluate measures it."
    ),
    Verdict.DOUBTFUL: marked(
        "Do not rely on the model here before it has been evaluated on such pictures with known diagnoses."
    ),
    Verdict.UNSUITABLE: marked(
        "Do not use the model for these pictures as they are. Look first for what is wrong with them: another kind "
        "of picture, exchanged colours, an inversion, a wrong preparation."
    ),
}

REASONS: Mapping[Ground, str] = {
    Ground.OTHER_MODALITY: marked("{elsewhere} of {n} pictures say that they show something else than {made_for}"),
    Ground.NO_GATE: marked("the model has no way to tell pictures of another kind: {detail}"),
    Ground.SILENT: marked(
        "what tells pictures of another kind gave no answer to {silent} of {n} pictures: a plugin failed, or was too "
        "slow on this computer"
    ),
    Ground.FEW_CALIBRATED: marked(
        "the model keeps too few calibrated patients to compare with ({calibrated}; {needed} are needed)"
    ),
    Ground.FEW_GROUPS: marked("too few pictures to tell: {groups} patients or files, {needed} are needed"),
    Ground.MOST_FLAGGED: marked(
        "most pictures are unlike those the model knows: {flagged} are flagged, {usual} in the calibration"
    ),
    Ground.OTHER_KIND: marked(
        "the pictures are of another kind than those the model knows: {kind} pairs find the picture here stranger "
        "than that of the calibration, 50 of 100 would be alike"
    ),
    Ground.OTHER_LOOK: marked(
        "brightness, contrast or colours are others than the model knows, as after a wrong preparation: {look} pairs "
        "find the picture here stranger than that of the calibration, 50 of 100 would be alike"
    ),
    Ground.FOLDER_LOOK: marked(
        "together, the pictures are brighter, darker or of other contrast or colours than any the model knows (p = "
        "{folder_p})"
    ),
    Ground.MORE_FLAGGED: marked(
        "more pictures than usual are unlike those the model knows: {flagged} are flagged, {usual} in the calibration"
    ),
    Ground.SHIFTED_KIND: marked(
        "the pictures differ from those the model knows, though most of them little: {kind} pairs find the picture "
        "here stranger than that of the calibration, 50 of 100 would be alike"
    ),
    Ground.SHIFTED_LOOK: marked(
        "brightness, contrast or colours differ from those the model knows, though mostly little: {look} pairs find "
        "the picture here stranger than that of the calibration, 50 of 100 would be alike"
    ),
    Ground.ALIKE: marked(
        "the pictures are like those the model knows: {flagged} are flagged, {usual} in the calibration"
    ),
}

LOOKED = marked("{n} pictures of {groups} patients or files were compared with {calibrated} of the calibration")
SOME_OF = marked("looked at {files} of {all} files, spread evenly")
FLAGGED = marked("flagged: {here} here ({low}–{high}), {usual} in the calibration ({least}–{most})")
TOGETHER = marked("all metrics together: p = {p}")
UNREAD = marked("could not be read: {count}")
SKIPPED = marked("without an image: {count}")
METRICS_HEAD = marked("stranger here, pairs of 100")


BETTER = {
    Better.FIRST: marked("Of the two, {first} suits these pictures better"),
    Better.SECOND: marked("Of the two, {second} suits these pictures better"),
    Better.NEITHER: marked("Neither of the two suits these pictures"),
    Better.UNDECIDED: marked("No difference could be shown in how well the two suit these pictures"),
}
ITS_VERDICT = marked("{second}: {verdict}, {reason}")
AGREE = marked("both give the same answer to {share} ({low}–{high}) of the pictures, classes of the same name only")
AGREE_NOT = marked("the two know no class of the same name in common, so that their answers cannot be compared")
LOOK = marked("where they look correlates by {middle} in half of the pictures (0: elsewhere, 1: at the same place)")


def beside_words(found: Verification, beside: Beside, say: Say = str) -> tuple[str, ...]:
    """What a second model says, line by line; which one suits better comes first."""
    first, second = (f"{one.model.name} {one.model.version}" for one in (found, beside.found))
    its = say(ITS_VERDICT).format(
        second=second, verdict=verdict_word(beside.found, say).lower(), reason=reason(beside.found, say)
    )
    lines = [say(BETTER[beside.better]).format(first=first, second=second), its]
    if beside.agreement is None:
        lines.append(say(AGREE_NOT))
    else:
        share, low, high = (
            percent(end) for end in (beside.agreement.value, beside.agreement.low, beside.agreement.high)
        )
        lines.append(say(AGREE).format(share=share, low=low, high=high))
    if beside.alike is not None:
        lines.append(say(LOOK).format(middle=f"{beside.alike[TOLD.index(0.5)]:.2f}"))
    return tuple(lines)


def verdict_word(found: Verification, say: Say = str) -> str:
    """The verdict in one word, with a capital."""
    return say(VERDICT_WORDS[found.verdict])


def reason(found: Verification, say: Say = str) -> str:
    """Why, one sentence without a full stop."""
    kind, look = (found.by_name.get(name) for name in ("suitability", "fingerprint"))
    return say(REASONS[found.ground]).format(
        n=found.n,
        elsewhere=found.elsewhere,
        silent=found.silent,
        made_for=found.model.modality.value,
        detail=found.detail,
        calibrated=found.model.calibrated,
        groups=found.groups,
        needed=NEEDED,
        flagged=_value(found.flagged_share),
        usual=_value(found.calibrated_share),
        kind=_of_hundred(kind),
        look=_of_hundred(look),
        folder_p=p_words(found.folder_p),
    )


def facts(found: Verification, say: Say = str) -> tuple[str, ...]:
    """What the verdict rests on, line by line."""
    files, of = found.files
    lines = [say(LOOKED).format(n=found.n, groups=found.groups, calibrated=found.model.calibrated)]
    if files < of:
        lines.append(say(SOME_OF).format(files=files, all=of))
    here, usual = found.flagged_share, found.calibrated_share
    if here is not None and usual is not None:
        ends = (here.low, here.high, usual.low, usual.high)
        low, high, least, most = (percent(end) for end in ends)
        lines.append(
            say(FLAGGED).format(
                here=percent(here.value), low=low, high=high, usual=percent(usual.value), least=least, most=most
            )
        )
    if found.p_value is not None:
        lines.append(say(TOGETHER).format(p=p_words(found.p_value)))
    if found.unreadable:
        lines.append(say(UNREAD).format(count=len(found.unreadable)))
    if found.skipped:
        lines.append(say(SKIPPED).format(count=found.skipped))
    return tuple(lines)


def told(found: Verification, beside: Beside | None = None, say: Say = str) -> tuple[str, ...]:
    """Everything for a terminal."""
    lines = [f"{verdict_word(found, say)}: {reason(found, say)}", say(ADVICE[found.verdict]), ""]
    lines += facts(found, say)
    if beside is not None:
        lines += ["", *beside_words(found, beside, say)]
    if found.metrics:
        lines += ["", f"{'':<34}{say(METRICS_HEAD):>30}{'p':>10}"]
        lines += [
            f"  {metric.title[:40]:<42}{pairs_words(metric):>20}{p_words(metric.p_value):>10}"
            for metric in found.metrics
        ]
    return tuple(lines)


def pairs_words(metric: Metric) -> str:
    """How often a picture here is stranger, of 100 pairs."""
    return "–" if metric.effect is None else f"{100 * metric.effect:.0f}"


def p_words(p: float | None) -> str:
    """A p-value for a person."""
    return "–" if p is None else f"{p:.4f}" if p >= 0.0001 else "<0.0001"


def about_word(metric: Metric) -> str:
    """What a metric is about, as data: `gate` decides, `kind` and `answer` only tell."""
    if metric.about is None:
        return "gate"
    return "kind" if metric.about is About.SUITABILITY else "answer"


def as_json(found: Verification, beside: Beside | None = None) -> dict[str, object]:
    """The same as one object; its shape stands in docs/verification.md."""
    record = _record(found)
    if beside is not None:
        alike = None
        if beside.alike is not None:
            alike = {_quantile(share): rounded(value) for share, value in zip(TOLD, beside.alike, strict=True)}
        record["against"] = {
            **_record(beside.found),
            "better": beside.better.value,
            "sentence": beside_words(found, beside)[0],
            "shared_classes": list(beside.shared),
            "same_answer": _share(beside.agreement),
            "same_look": alike,
        }
    return record


def _record(found: Verification) -> dict[str, object]:
    files, of = found.files
    return {
        "verdict": found.verdict.value,
        "reason": reason(found),
        "ground": found.ground.value,
        "n": found.n,
        "groups": found.groups,
        "share_flagged": None if found.flagged_share is None else rounded(found.flagged_share.value),
        "p_value": rounded(found.p_value),
        "folder_p": rounded(found.folder_p),
        "flagged_here": _share(found.flagged_share),
        "flagged_in_calibration": _share(found.calibrated_share),
        "metrics": {metric.name: _metric(metric) for metric in found.metrics},
        "model": {
            "name": found.model.name,
            "version": found.model.version,
            "weights_sha256": found.model.weights,
            "made_for": found.model.modality.value,
            "calibration_groups": found.model.calibrated,
        },
        "files": {"looked_at": files, "of": of, "without_image": found.skipped},
        "say_something_else": found.elsewhere,
        "not_told": found.silent,
        "unreadable": [{"file": _path(file), "reason": why} for file, why in found.unreadable],
        "flagged": [
            {
                "file": _path(one.file),
                "frame": one.frame,
                "suitability": one.suitability,
                "fingerprint": one.fingerprint,
            }
            for one in found.flagged
        ],
    }


def metric_title(metric: Metric, say: Say = str) -> str:
    """A metric's title, with a capital."""
    title = class_word(say(metric.title))
    return title[:1].upper() + title[1:]


def _path(file: Path) -> str:
    return path_text(str(file))


def _metric(metric: Metric) -> dict[str, object]:
    return {
        "title": metric.title,
        "about": about_word(metric),
        "here": {_quantile(share): rounded(value) for share, value, _ in metric.told},
        "calibration": {_quantile(share): rounded(value) for share, _, value in metric.told},
        "p": rounded(metric.p_value),
        "effect": rounded(metric.effect),
    }


def _quantile(share: float) -> str:
    return f"q{100 * share:02.0f}"


def _share(share: Share | None) -> dict[str, float | None] | None:
    if share is None:
        return None
    return {"value": rounded(share.value), "low": rounded(share.low), "high": rounded(share.high)}


def _value(share: Share | None) -> str:
    return percent(None if share is None else share.value)


def _of_hundred(metric: Metric | None) -> str:
    return "–" if metric is None or metric.effect is None else of_hundred(metric.effect)
