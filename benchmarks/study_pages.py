"""Puts measured tables into the pages of the studies; with `--check` says whether they are there.

A table stands between `<!-- NAME -->` and `<!-- end -->`, and is made from benchmarks/results/*.json; the words
around it are written by hand. `--heat-maps` draws the confusion matrices anew.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
IMAGES = ROOT / "docs" / "images"

Record = Mapping[str, Any]
Lines = Iterator[str]

WAYS = {
    "single": "Single network",
    "flips": "Single network over the picture and its three mirror images",
    "ensemble": "Ensemble of three",
    "ensemble-flips": "Ensemble of three over the picture and its three mirror images",
}
NAMES = {
    "softmax": "softmax",
    "margin": "margin",
    "cam": "attention (class CAM)",
    "certainty": "1 − uncertainty",
    "sum": "plain sum",
    "turned": "turned sum",
    "fitted": "fitted sum",
}
VARIANTS = {
    "nine-gap": "nine folder labels, pooling + linear",
    "nine-dense": "nine folder labels, dense head",
    "eight-gap": "eight clean labels, pooling + linear",
    "eight-dense": "eight clean labels, dense head",
}


def short(value: float, *, signed: bool = False) -> str:
    """Three decimals without the leading zero."""
    text = f"{value:+.3f}" if signed else f"{value:.3f}"
    return re.sub(r"^([+-]?)0\.", r"\1.", text).replace("-", "−")


def ranged(figure: Mapping[str, float] | None) -> str:
    """A figure with its interval."""
    if figure is None:
        return "–"
    return f"{short(figure['value'])} ({short(figure['low'])}–{short(figure['high'])})"


def change(found: Mapping[str, Any]) -> str:
    """A difference with its interval, in bold where this excludes 0."""
    text = (
        f"{short(found['difference'], signed=True)} "
        f"({short(found['low'], signed=True)} to {short(found['high'], signed=True)})"
    )
    return f"**{text}**" if found["low"] > 0 or found["high"] < 0 else text


def score_table_made_from(record: Record) -> Lines:
    """What was measured on."""
    folds = record["folds"]
    whole = f"all {folds} folds" if folds == record["of_folds"] else f"{folds} of {record['of_folds']} folds"
    yield (
        f"{record['pictures']} pictures of {record['groups']} groups, {whole}; "
        f"intervals from {record['draws']} draws of whole groups. Right answers, fold by fold: "
        + "; ".join(f"{name} {', '.join(right)}" for name, right in record["right"].items())
        + "."
    )


def score_table(record: Record) -> Lines:
    """All rows, way by way."""
    for way, title in WAYS.items():
        rows = [row for row in record["rows"] if row["way"] == way]
        first = rows[0]
        accuracy = change(first["against_baseline"]["accuracy"]) if way != "single" else "the baseline"
        passes = f"{first['passes']} forward pass{'es' if first['passes'] > 1 else ''}"
        yield f"### {title}"
        yield ""
        yield f"{passes} per picture; accuracy {ranged(first['accuracy'])}, difference: {accuracy}."
        yield ""
        single = way == "single"
        own = "" if single else " Δ AUGRC, own MSP |"
        yield f"| score | AUROC_f | AURC | AUGRC | FPR@95TPR | ECE | Δ AUROC_f | Δ AUGRC |{own}"
        yield f"|---|---|---|---|---|---|---|---|{'' if single else '---|'}"
        for row in sorted(rows, key=lambda one: (one["about"], one["augrc"]["value"])):
            figures = [ranged(row[name]) for name in ("auroc_f", "aurc", "augrc", "fpr_at_95_tpr", "ece")]
            msp = row["score"] == "softmax"
            against = row["against_baseline"]
            deltas = ["–", "–"] if single and msp else [change(against[name]) for name in ("auroc_f", "augrc")]
            deltas += [] if single else ["–" if msp else change(row["against_own_softmax"]["augrc"])]
            kind = ", suitability" if row["about"] == "suitability" else ""
            part = "" if row["answered"] == record["pictures"] else f", {row['answered']} pictures"
            yield f"| {row['title']} (`{row['score']}`{kind}{part}) | {' | '.join([*figures, *deltas])} |"
        yield ""


def between(record: Record) -> Lines:
    """What every step of cost brings."""
    yield "| from | to | forward passes | Δ accuracy | Δ AUROC_f | Δ AUGRC | Δ ECE |"
    yield "|---|---|---|---|---|---|---|"
    passes = {row["way"]: row["passes"] for row in record["rows"]}
    for step in record["between"]:
        ends = (step["cheaper"], step["dearer"])
        deltas = [change(step["change"][name]) for name in ("accuracy", "auroc_f", "augrc", "ece")]
        cost = f"{passes[ends[0]]} → {passes[ends[1]]}"
        yield f"| {' | '.join([*(WAYS[end] for end in ends), cost, *deltas])} |"


def temperature(record: Record) -> Lines:
    """What the temperature changes."""
    yield "| way | temperatures | ECE at 1 | ECE fitted | Δ ECE | Δ AUROC_f of MSP | Δ AUGRC of MSP |"
    yield "|---|---|---|---|---|---|---|"
    for line in record["temperature"]:
        told = ", ".join(f"{value:.2f}" for value in line["temperatures"])
        deltas = [change(line["change"][name]) for name in ("ece", "auroc_f", "augrc")]
        cells = [WAYS[line["way"]], told, ranged(line["ece_at_one"]), ranged(line["ece_fitted"]), *deltas]
        yield f"| {' | '.join(cells)} |"


def combinations(record: Record) -> Lines:
    """Which weights the folds took."""
    yield "| way | weights, fold by fold |"
    yield "|---|---|"
    for way, folds in record["combined"].items():
        told = [", ".join(f"{name} {weight:.2f}" for name, weight in fold.items()) for fold in folds]
        yield f"| {WAYS[way]} | {'; '.join(told)} |"


def isic9_accuracy(record: Record) -> Lines:
    """First question: accuracy of every way of answering."""
    yield "| answered by | " + " | ".join(VARIANTS.values()) + " |"
    yield "|---|" + "---|" * len(VARIANTS)
    softmax = [ranged(record["questions"][variant]["softmax"]["accuracy"]) for variant in VARIANTS]
    yield f"| {NAMES['softmax']} | {' | '.join(softmax)} |"
    for name in list(NAMES)[1:]:
        cells = [_changed(record["questions"][variant], name) for variant in VARIANTS]
        yield f"| {NAMES[name]} | {' | '.join(cells)} |"


def _changed(question: Record, name: str) -> str:
    found = question["as_answers"][name]["accuracy"]
    return f"{short(found['value'])}; Δ {change(found)}; {question['answers_changed'][name]} other answers"


def isic9_failures(record: Record) -> Lines:
    """Second question: how well the trusts find failures."""
    yield "| variant | trust | AUROC_f | Δ AUROC_f | AUGRC | Δ AUGRC |"
    yield "|---|---|---|---|---|---|"
    for variant, title in VARIANTS.items():
        question = record["questions"][variant]
        softmax = question["softmax"]
        yield f"| {title} | MSP | {ranged(softmax['auroc_f'])} | – | {ranged(softmax['augrc'])} | – |"
        for name in ("sum", "turned", "fitted"):
            for words, kept in (("its own answers", "as_answers"), ("softmax's answers", "as_trust_of_softmax")):
                found = question[kept][name]
                cells = [f"{short(found[f]['value'])} | {change(found[f])}" for f in ("auroc_f", "augrc")]
                yield f"| {title} | {NAMES[name]}, {words} | {' | '.join(cells)} |"


def isic9_weights(record: Record) -> Lines:
    """The weights that were fitted."""
    yield "| variant | " + " | ".join(list(NAMES.values())[:4]) + " |"
    yield "|---|---|---|---|---|"
    for variant, title in VARIANTS.items():
        question = record["questions"][variant]
        folds = zip(question["weights"], question["pointing"], strict=True)
        signed = [[w * sign for w, sign in zip(*fold, strict=True)] for fold in folds]
        cells = [", ".join(_weight(value) for value in column) for column in zip(*signed, strict=True)]
        yield f"| {title} | {' | '.join(cells)} |"


def _weight(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def isic9_report(record: Record) -> Lines:
    """Loss, accuracy and averages."""
    columns = {name: record["reports"][name] for name in VARIANTS}
    yield "| figure | " + " | ".join(VARIANTS.values()) + " |"
    yield "|---|" + "---|" * len(VARIANTS)
    cases = [f"{report['n']}, {report['groups']}" for report in columns.values()]
    yield f"| pictures, groups | {' | '.join(cases)} |"
    for name, words in _REPORTED.items():
        cells = [ranged(report[name]) for report in columns.values()]
        yield f"| {words} | {' | '.join(cells)} |"
    for average in ("micro", "macro", "weighted", "samples"):
        for figure in ("precision", "recall", "f1"):
            cells = [ranged(report["average"][average][figure]) for report in columns.values()]
            yield f"| {figure if figure != 'f1' else 'F1'}, {average} | {' | '.join(cells)} |"


_REPORTED = {
    "loss": "loss, nats",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "kappa": "Cohen's κ",
    "ece": "ECE",
    "brier": "Brier score",
}


def isic9_classes(record: Record) -> Lines:
    """Recall of every class."""
    names = record["reports"]["nine-gap"]["classes"]
    yield "| recall of | " + " | ".join(VARIANTS.values()) + " |"
    yield "|---|" + "---|" * len(VARIANTS)
    for name in names:
        known = [record["reports"][variant]["per_class"].get(name) for variant in VARIANTS]
        cells = ["–" if one is None else f"{ranged(one['recall'])}, n = {one['support']}" for one in known]
        yield f"| {name} | {' | '.join(cells)} |"


def isic9_leak(record: Record) -> Lines:
    """What the study's way of dividing does."""
    by = record["leak_by_picture"]
    yield "| the same pictures, nine labels, pooling + linear | divided by group | divided by picture | difference |"
    yield "|---|---|---|---|"
    for name, words in (("accuracy", "accuracy"), ("auroc_f", "AUROC_f of MSP")):
        found = by[name]
        yield f"| {words} | {short(found['by_group'])} | {short(found['by_picture'])} | {change(found)} |"
    yield ""
    yield "| the original split | pooling + linear | dense head |"
    yield "|---|---|---|"
    heads = [record["original_split"][head] for head in ("gap", "dense")]
    for name, words in _SPLIT.items():
        cells = [f"{ranged(head[name]['accuracy'])}, n = {head[name]['pictures']}" for head in heads]
        yield f"| {words} | {' | '.join(cells)} |"


_SPLIT = {
    "all": "accuracy on its test files",
    "group_seen": "on those whose group was trained on",
    "group_not_seen": "on the others",
    "same_pictures_cross_validated": "the same test files, cross-validated by group",
    "same_pictures_group_seen_cross_validated": "of these, those whose group the original split trains on",
}


def isic9_faults(record: Record) -> Lines:
    """The two faults of the study, done on purpose."""
    faults = record["faults"]
    yield "| the same networks and pictures | input as trained | 0–255 |"
    yield "|---|---|---|"
    lines = [faults["inputs"][name] for name in ("0 to 1", "0 to 255")]
    for name, words in _FAULTS.items():
        yield f"| {words} | {' | '.join(short(line[name]) for line in lines)} |"
    truncated = faults["truncated"]
    yield ""
    yield (
        f"Probabilities cut to integers: {truncated['rows_of_zeros_only']} of {lines[0]['pictures']} rows hold "
        f"nothing but zeros, {truncated['answers_first_class']} answers become the first class "
        f"({truncated['first_class']}), accuracy {short(truncated['accuracy'])}. `viewer evaluate` does not take "
        f"such a table: “{truncated['refusal']}”."
    )


_FAULTS = {
    "accuracy": "accuracy",
    "mean_confidence": "mean of the largest probability",
    "most_answered_share": "share of the most frequent answer",
    "fingerprint_outside": "pictures that the fingerprint turns grey (p < .01)",
    "may_be_green": "pictures that may be green at all (both p ≥ .05)",
    "folders_outside": "folders of 20 that are told",
}


def opinion_patients(record: Record, figure: str, ways: Mapping[str, str]) -> Lines:
    """One figure of every way on every patient."""
    parts = {way: record["patients"][way]["patients"] for way in ways}
    names = sorted(parts["base"])
    yield "| | " + " | ".join(f"patient {number}" for number, _ in enumerate(names, 1)) + " |"
    yield "|---|" + "---|" * len(names)
    for way, title in ways.items():
        yield f"| {title} | {' | '.join(short(parts[way][name][figure]) for name in names)} |"


def opinion_accuracy(record: Record) -> Lines:
    """Accuracy of final scores, patient by patient."""
    frames = {name: part["frames"] for name, part in record["patients"]["base"]["patients"].items()}
    yield from opinion_patients(record, "accuracy", _ANSWERS)
    yield f"| frames | {' | '.join(str(frames[name]) for name in sorted(frames))} |"


def opinion_trust(record: Record) -> Lines:
    """AUROC_f, patient by patient."""
    yield from opinion_patients(record, "auroc_f", _JUDGES | _ANSWERS)


_JUDGES = {
    "reliability/network": "reliability: network",
    "reliability/svc": "reliability: one SVC",
    "reliability/svc_per_class": "reliability: SVC per score",
    "reliability/ours": "reliability: ours",
}
_ANSWERS = {
    "base": "classifier alone",
    "rescoring/behaviour/mode": "re-scored by outputs, mode",
    "rescoring/behaviour/mean": "re-scored by outputs, mean",
    "rescoring/tsne/mode": "re-scored by t-SNE, mode",
    "rescoring/tsne/mean": "re-scored by t-SNE, mean",
    "cascade/svc/behaviour/mode": "one SVC, outputs, mode",
    "cascade/svc_per_class/tsne/mode": "SVC per score, t-SNE, mode",
    "cascade/network/behaviour/mode": "network, outputs, mode",
    "cascade/ours": "ours",
}


def opinion_worlds(record: Record) -> Lines:
    """What every way to a final score does to imitated new patients."""
    kinds = {name: record[name] for name in _WORLDS}
    yield (
        "| final score by | "
        + " | ".join(f"{_WORLDS[name]}: {words}" for name in kinds for words in _WANTED.values())
        + " |"
    )
    yield "|---|" + "---|" * (len(kinds) * len(_WANTED))
    for way in kinds["plain"]["answers"]:
        cells = [
            short(kind["answers"][way][wanted], signed=wanted != "both")
            for kind in kinds.values()
            for wanted in _WANTED
        ]
        yield f"| {way} | {' | '.join(cells)} |"


def opinion_worlds_by_patient(record: Record) -> Lines:
    """Mean change of accuracy of every patient."""
    ways = list(record["plain"]["answers"])
    count = len(record["plain"]["answers"][ways[0]]["by_patient"])
    yield "| Δ accuracy by | " + " | ".join(f"patient {number}" for number in range(1, count + 1)) + " |"
    yield "|---|" + "---|" * count
    for name, title in _WORLDS.items():
        for way, called in ((ways[0], ways[0]), (next(way for way in ways if way.endswith("ours")), "ours")):
            cells = [short(value, signed=True) for value in record[name]["answers"][way]["by_patient"]]
            yield f"| {title}: {called} | {' | '.join(cells)} |"


def opinion_trusts(record: Record) -> Lines:
    """What every trust does for imitated new patients and real clips."""
    heads = [*_WORLDS.values(), *(f"clips, {task}" for task in record["clips"])]
    yield f"| trust of the raw answer by | {' | '.join(heads)} |"
    yield "|---|" + "---|" * len(heads)
    alone = [record[name]["softmax"] for name in _WORLDS] + [clips["softmax"] for clips in record["clips"].values()]
    yield f"| softmax probability | {' | '.join(short(value) for value in alone)} |"
    for way in record["plain"]["trusts"]:
        cells = [short(record[name]["trusts"][way]["auroc_f"]) for name in _WORLDS]
        cells += [short(clips["trusts"][way]) for clips in record["clips"].values()]
        yield f"| {way} | {' | '.join(cells)} |"


def opinion_clips(record: Record) -> Lines:
    """What every way to a final score does on real clips."""
    clips = record["clips"]
    yield "| final score by | " + " | ".join(f"{task}: Δ accuracy | groups better, worse" for task in clips) + " |"
    yield "|---|" + "---|---|" * len(clips)
    alone = [f"{short(found['accuracy'])} | {found['groups']} groups" for found in clips.values()]
    yield f"| classifier alone | {' | '.join(alone)} |"
    for way in next(iter(clips.values()))["answers"]:
        found = [kind["answers"][way] for kind in clips.values()]
        cells = [f"{short(one['gain'], signed=True)} | {one['better']:.1f}, {one['worse']:.1f}" for one in found]
        yield f"| {way} | {' | '.join(cells)} |"


_WORLDS = {"as_it_is": "table as it is", "plain": "plain", "scrambled": "scrambled"}
_WANTED = {"both": "both", "gain": "Δ accuracy", "lowest_patient": "lowest patient"}


LUS_ROWS = {
    "finding": "finding, last layer on textures",
    "finding-whole": "finding, all layers of MobileNetV2",
    "severity": "severity, last layer on textures",
    "severity-ordered": "severity, the same by the earth mover's distance",
}


UNITS = {"alike": "alike", "by_clip": "clips alike"}
LUS_SECOND_OPINION = ("cascade/accuracy", "cascade_gain/accuracy", "reliability_auroc_f", "reliability_gain")


def line(*cells: object) -> str:
    """One line of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def header(*cells: str) -> Lines:
    """The first two lines of a table."""
    yield line(*cells)
    yield "|" + "---|" * len(cells)


def gained(figure: Mapping[str, float]) -> str:
    """A figure that is itself a difference."""
    return change({"difference": figure["value"], **figure})


GARBAGE_SUBJECTS = ("dermoscopy", "ultrasound")
GARBAGE_WAYS = {"alone": "the output alone", "distances": "distances alone", "together": "all together"}


def _garbage_header(*first: str) -> Lines:
    """Three columns for each subject after the first ones."""
    yield from header(*first, *(f"{name}: {way}" for name in GARBAGE_SUBJECTS for way in GARBAGE_WAYS.values()))


def _garbage_line(record: Record, words: str, place: str, name: str = "") -> str:
    """What is rejected of one sort of pictures, by subject and way; a dash where a subject has no such pictures."""
    cells = []
    for subject in GARBAGE_SUBJECTS:
        found = record[subject][place]
        shares = found.get(name, {}) if name else found
        cells += [ranged(shares.get(way)) for way in GARBAGE_WAYS]
    return line(words, *cells)


def _garbage_names(record: Record, place: str) -> list[str]:
    """Everything that stands there for any subject."""
    return list(dict.fromkeys(name for subject in GARBAGE_SUBJECTS for name in record[subject][place]))


def garbage_left_out(record: Record) -> Lines:
    """Families judged by a last layer that was taught all others."""
    yield from _garbage_header("family left out")
    for name in _garbage_names(record, "left_out"):
        yield _garbage_line(record, f"`{name}`", "left_out", name)
    yield _garbage_line(record, "*mean over families*", "mean")
    yield _garbage_line(record, "*proper pictures of unseen groups*", "proper")


def garbage_taught(record: Record) -> Lines:
    """Families that were taught, new pieces."""
    yield from _garbage_header("family taught")
    for name in _garbage_names(record, "taught"):
        yield _garbage_line(record, f"`{name}`", "taught", name)


def garbage_real(record: Record) -> Lines:
    """Real pictures of other kinds; only drawn ones were taught."""
    yield from _garbage_header("real pictures")
    for name in _garbage_names(record, "real"):
        yield _garbage_line(record, name, "real", name)


def garbage_kinds(record: Record) -> Lines:
    """Kinds of faults, the whole family being left out."""
    yield from _garbage_header("kind, its family left out")
    for name in _garbage_names(record, "kinds"):
        if name.startswith(("misprepared", "other_modality")):
            yield _garbage_line(record, f"`{name.partition(': ')[2]}`", "kinds", name)


def garbage_cost(record: Record) -> Lines:
    """Accuracy of the last layer with garbage and without."""
    yield from header("pictures", "number", "groups", "classes", "accuracy without", "with garbage", "difference")
    for name in GARBAGE_SUBJECTS:
        found = record[name]
        accuracy = found["accuracy"]
        shown = [ranged(accuracy["without"]), ranged(accuracy["with"]), gained(accuracy["gain"])]
        yield line(name, found["pictures"], found["groups"], found["classes"], *shown)


def lus_right(record: Record) -> Lines:
    """How right the networks are, and what files alone give away."""
    yield from header("network", "seeds", "clips", "balanced", "κ²", "frames, clips alike", "frames", "smoothed")
    for name, words in LUS_ROWS.items():
        clips, frames = record["networks"][name]["clips"], record["networks"][name]["frames"]
        shown = [
            clips["answer/accuracy"],
            clips["answer/balanced_accuracy"],
            clips.get("answer/quadratic_kappa"),
            frames["by_clip/answer/accuracy"],
            frames["alike/answer/accuracy"],
            frames["by_clip/smoothed_answer/accuracy"],
        ]
        yield line(words, record["seeds"][name], *(ranged(figure) for figure in shown))
    for task, control in record["control"].items():
        words = f"*{task}, by size, rate and length of the file alone*"
        right = ranged(control["accuracy"]), ranged(control["balanced_accuracy"])
        yield line(words, record["seeds"][task], *right, *"––––")


def lus_failures(record: Record) -> Lines:
    """How well mistakes are found, with the frames around and without."""
    yield from header("network", "frames", "one frame", "with ±15 frames", "gain", "clips")
    convex = {"finding, last layer on textures, convex probe alone": record["convex"]}
    for words, found in ({LUS_ROWS[name]: found for name, found in record["networks"].items()} | convex).items():
        for unit, told in UNITS.items():
            plain, backed, gain = (
                found["frames"][f"{unit}/auroc_f{kind}"] for kind in ("", "_with_frames_around", "_gain")
            )
            of_clips = ranged(found["clips"]["auroc_f"]) if unit == "alike" else ""
            yield line(words, told, ranged(plain), ranged(backed), gained(gain), of_clips)


def lus_second_opinion(record: Record) -> Lines:
    """What the cascade and the reliability classifier do, cross-fitted by group."""
    yield from header("network", "frames", "right after it", "gain", "AUROC_f of reliability", "gain", "may speak")
    for name, found in record["second_opinion"].items():
        for unit, told in UNITS.items():
            shown = {key: found["frames"][f"{unit}/{key}"] for key in LUS_SECOND_OPINION}
            figures = [gained(figure) if "gain" in key else ranged(figure) for key, figure in shown.items()]
            yield line(LUS_ROWS[name], told, *figures, f"{found['speaks']} of {record['seeds'][name]} seeds")


def lus_order(record: Record) -> Lines:
    """The loss that knows the order of scores, less plain cross-entropy."""
    yield from header("figure of clips", "earth mover's distance, less cross-entropy")
    words = {
        "answer/accuracy": "right scores",
        "answer/balanced_accuracy": "right scores, balanced",
        "answer/quadratic_kappa": "quadratic κ",
        "answer/mean_error": "mean distance from the score",
        "auroc_f": "AUROC_f",
    }
    for name, told in words.items():
        found = record["gain_of_order"]["clips"][name]
        yield line(told, gained(found))


def shortcut_errors(record: Record) -> Lines:
    """How well the models do where the artefact leaks, and where it misleads."""
    yield (
        "| artefact | model | right in its own world | right where the artefact misleads | wrong with the artefact "
        "| wrong for want of it | other errors |"
    )
    yield "|---|---|---|---|---|---|---|"
    for artefact, found in record["artefacts"].items():
        errors = found["errors"]
        others = errors["wrong"] - errors["present"] - errors["absent"]
        for world, counts in (
            ("leaking", (errors["present"], errors["absent"], others)),
            ("honest", ("–", "–", "–")),
        ):
            right = [ranged(found["accuracy"][world][where]) for where in ("own", "test")]
            cells = [artefact, _MODELS[world], *right, *map(str, counts)]
            yield f"| {' | '.join(cells)} |"


def shortcut_methods(record: Record) -> Lines:
    """Every method at 10 % false alarms."""
    for artefact, found in record["artefacts"].items():
        yield f"### {artefact.capitalize()}"
        yield ""
        yield (
            "| method | threshold from | AUROC | flagged: wrong with the artefact | wrong for want of it | both | "
            "right ones | right ones of the honest model |"
        )
        yield "|---|---|---|---|---|---|---|---|"
        for row in found["methods"]:
            figures = ("auroc", "present", "absent", "all", "false_alarms", "false_alarms_honest")
            cells = [_method(row["method"], row["source"]), _SOURCES[row["source"]]]
            yield f"| {' | '.join([*cells, *(ranged(row[name]) for name in figures)])} |"
        yield ""


def shortcut_answers(record: Record) -> Lines:
    """What `viewer shortcuts` says of every answer."""
    yield "| artefact | model | pictures | answer | number | outside, × even share | answers lost | verdict |"
    yield "|---|---|---|---|---|---|---|---|"
    for artefact, found in record["artefacts"].items():
        for world, sets in found["answers"].items():
            for name, answers in sets.items():
                for answer, one in answers.items():
                    cells = [artefact, _MODELS[world], _SETS[name], answer, str(one["pictures"])]
                    cells += [ranged(one["ratio"]), ranged(one["lost"]), _VERDICTS[one["verdict"]]]
                    yield f"| {' | '.join(cells)} |"


def _method(name: str, source: str) -> str:
    if name in _METHODS:
        return _METHODS[name]
    if name.startswith("second_"):
        return f"map beside the honest model's: {name.removeprefix('second_').replace('_', ' ')}"
    kind = "clean pictures'" if source == "clean" else "training pictures'"
    metric = name.removeprefix("attention").strip("_").replace("_", " ")
    return f"map beside the {kind} mean: {metric or 'all eight together'}"


_METHODS = {
    "lost": "**covered outside: another answer**",
    "drop": "**covered outside: loss of probability**",
    "ratio": "attention outside the mask, by area",
    "outside": "attention outside the mask, as it is",
    "area": "control: area outside the mask",
    "found": "attention outside a lesion that is found, by area",
    "second_answer": "the honest model answers otherwise",
    "second_doubt": "the honest model's doubt: 1 − its probability of the answer",
    "second_doubt_and_drop": "**the honest model's doubt + loss under the cover**",
    "softmax": "control: 1 − softmax probability",
}
_SOURCES = {"none": "–", "fit": "its own fit groups", "clean": "clean pictures"}
_MODELS = {"leaking": "shortcut", "honest": "honest"}
_SETS = {"own": "its own world", "clean": "without the artefact", "test": "misleading"}
_VERDICTS = {"suspicious": "**suspicious**", "no sign": "no sign", "unclear": "cannot say"}


ATTENTION_CONTROL = "saturation"
ATTENTION_METHODS = {
    ATTENTION_CONTROL: "*control: mean colour saturation, two-sided*",
    "softmax": "softmax probability",
    "energy": "energy of the logits",
    "knn": "similar calibration pictures (`knn`)",
    "mahalanobis": "penultimate features (`mahalanobis`)",
    "middle_mahalanobis": "middle block (`middle_mahalanobis`)",
    "early_mahalanobis": "stem (`early_mahalanobis`)",
    "look": "look of input and stem (fingerprint's distance)",
    "garbage": "output for garbage (`garbage`)",
    "attention_iou": "attention: IoU",
    "attention_dice": "attention: Dice",
    "attention_ssim": "attention: SSIM",
    "attention_cosine": "attention: cosine",
    "attention_pearson": "attention: Pearson",
    "attention_kl_divergence": "attention: KL",
    "attention_js_divergence": "attention: Jensen–Shannon",
    "attention_wasserstein": "attention: Wasserstein in space",
    "attention": "attention: their combination (`attention`)",
    "knn + middle": "knn + middle",
    "penultimate + middle": "**penultimate + middle**",
    "these and knn": "these two + knn",
    "these and stem": "these two + stem",
    "these and look": "these two + look",
    "these and garbage": "these two + garbage",
    "these and attention": "these two + attention",
    "p suitability": "suitability p of the bundle",
    "p fingerprint": "fingerprint p of the bundle",
    "smaller p": "**smaller of both p**",
    "product of p": "product of both p",
}
ATTENTION_SHOWN = (
    "softmax",
    "knn",
    "mahalanobis",
    "middle_mahalanobis",
    "look",
    "attention_ssim",
    "penultimate + middle",
)
ATTENTION_GATE = ("p suitability", "p fingerprint", "smaller p")


def attention_made_of(record: Record) -> Lines:
    """What was looked at."""
    for one in record["bundles"]:
        told = ", ".join(f"{name} {count}" for name, count in one["pictures"].items())
        listens = ", ".join(f"`{name}`" for name in one["listens"])
        known = f"{one['fit_groups']} fit groups; its gate listens to {listens}"
        yield f"- **{one['bundle']}**, {known}. Pictures: {told}."


def attention_methods(record: Record) -> Lines:
    """Every method over all kinds."""
    for one in record["bundles"]:
        yield f"### {one['bundle']}"
        yield ""
        yield from header(
            "method",
            "mean AUROC",
            "worst kind",
            "mean FPR@95TPR",
            "false alarms",
            "caught",
            "worst caught",
            "folders of 32",
        )
        for name, words in ATTENTION_METHODS.items():
            found = one["methods"].get(name)
            if found is None:
                continue
            worst, missed = (
                min(one["kinds"], key=lambda kind: found[f"{kind}/{of}"]["value"]) for of in ("auroc", "caught")
            )
            yield line(
                words,
                ranged(found["mean/auroc"]),
                f"{ranged(found[f'{worst}/auroc'])} {worst}",
                ranged(found["mean/fpr_at_95_tpr"]),
                ranged(found["proper/false_alarms"]),
                ranged(found["mean/caught"]),
                f"{short(found[f'{missed}/caught']['value'])} {missed}",
                short(min(found["folders"]["32"].values())),
            )
        yield ""


def attention_kinds(record: Record) -> Lines:
    """Every kind by some methods, with what the gate catches."""
    for one in record["bundles"]:
        yield f"### {one['bundle']}"
        yield ""
        shown = [name for name in (ATTENTION_CONTROL, *ATTENTION_SHOWN, *ATTENTION_GATE) if name in one["methods"]]
        yield from header(
            "AUROC",
            *(ATTENTION_METHODS[name] for name in shown),
            "either p < .05",
            "either p < .01",
            "folder of 32 stopped by its looks",
        )
        for kind in [name for name in one["pictures"] if name != "certify"]:
            cells = [short(one["methods"][name][f"{kind}/auroc"]["value"]) for name in shown]
            caught = ranged(one["methods"]["smaller p"][f"{kind}/caught"]) if "smaller p" in one["methods"] else "–"
            yield line(kind, *cells, caught, short(one["outside"][kind]), short(one["stopped"][kind]))
        yield ""


def attention_failures(record: Record) -> Lines:
    """What the same methods are worth as finders of wrong answers."""
    bundles = record["bundles"]
    titles = [cell for one in bundles for cell in (f"AUROC_f, {one['bundle']}", "against softmax")]
    yield from header("method", *titles)
    for name, words in ATTENTION_METHODS.items():
        found = [one["methods"].get(name) for one in bundles]
        if any(found):
            yield line(words.replace("*", ""), *(cell for one in found for cell in _failure_cells(one)))


def _failure_cells(found: Record | None) -> tuple[str, str]:
    return (ranged(found["proper/auroc_f"]), gained(found["proper/auroc_f_gain"])) if found else ("–", "–")


BLOCKS: Mapping[str, Mapping[str, Callable[[Record], Lines]]] = {
    "score_table": {
        "made-from": score_table_made_from,
        "score-table": score_table,
        "between": between,
        "temperature": temperature,
        "combinations": combinations,
    },
    "isic9_study": {
        "accuracy": isic9_accuracy,
        "failures": isic9_failures,
        "weights": isic9_weights,
        "report": isic9_report,
        "classes": isic9_classes,
        "leak": isic9_leak,
        "faults": isic9_faults,
    },
    "second_opinion_study": {
        "worlds": opinion_worlds,
        "worlds-by-patient": opinion_worlds_by_patient,
        "trusts": opinion_trusts,
        "clips": opinion_clips,
        "patients-accuracy": opinion_accuracy,
        "patients-trust": opinion_trust,
    },
    "garbage_study": {
        "left-out": garbage_left_out,
        "taught": garbage_taught,
        "real": garbage_real,
        "kinds": garbage_kinds,
        "cost": garbage_cost,
    },
    "lus_study": {
        "right": lus_right,
        "failures": lus_failures,
        "second-opinion": lus_second_opinion,
        "order": lus_order,
    },
    "shortcut_study": {
        "errors": shortcut_errors,
        "methods": shortcut_methods,
        "answers": shortcut_answers,
    },
    "attention_study": {
        "made-of": attention_made_of,
        "methods": attention_methods,
        "kinds": attention_kinds,
        "failures": attention_failures,
    },
}
"""By the name of the results, the tables of their page."""

PAGES = {name: ROOT / "docs" / f"{name.replace('_', '-')}.md" for name in BLOCKS}


def keep_page(
    description: str | None, page: Path, record: Path, blocks: Mapping[str, Callable[[Record], Lines]]
) -> int:
    """What a page's own command does: write the page, or with `--check` compare it; returns the exit status.

    Args:
        description: For `--help`.
        page: The page, its figures between marks.
        record: JSON of what was measured.
        blocks: By mark, what makes the lines of a block.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    text = page.read_text(encoding="utf-8")
    wanted = filled(text, blocks, json.loads(record.read_text(encoding="utf-8")))
    if checking and wanted != text:
        print(f"{page.name} differs from {record.name}: run benchmarks/{Path(sys.argv[0]).name}", file=sys.stderr)
        return 1
    if not checking:
        page.write_text(wanted, encoding="utf-8")
    return 0


def filled(page: str, blocks: Mapping[str, Callable[[Record], Lines]], record: Record) -> str:
    """The page with every table between its marks."""

    def put(found: "re.Match[str]") -> str:
        text = "\n".join(blocks[found["name"]](record)).strip()
        return f"<!-- {found['name']} -->\n{text}\n<!-- end -->"

    return re.sub(r"<!-- (?P<name>[\w-]+) -->\n.*?<!-- end -->", put, page, flags=re.DOTALL)


def draw_heat_map(path: Path, report: Record) -> None:
    """The confusion matrix as shares of each true class."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    classes: Sequence[str] = report["classes"]
    shares = [[report["confusion"][true][answer]["value"] or 0.0 for answer in classes] for true in classes]
    words = [name.replace("_", " ") for name in classes]
    figure, axes = pyplot.subplots(figsize=(7.4, 6.4), dpi=90, layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(words)), words, rotation=40, ha="right")
    axes.set_yticks(range(len(words)), words)
    axes.set_xlabel("answer")
    axes.set_ylabel("true class")
    for i, true in enumerate(classes):
        for j, answer in enumerate(classes):
            count = report["confusion"][true][answer]["n"]
            axes.text(j, i, count, ha="center", va="center", color="white" if shares[i][j] > 0.5 else "black")
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--heat-maps", action="store_true")
    args = parser.parse_args()
    for name, page in PAGES.items():
        file = RESULTS / f"{name}.json"
        if not file.exists():
            continue
        record = json.loads(file.read_text(encoding="utf-8"))
        text = page.read_text(encoding="utf-8")
        wanted = filled(text, BLOCKS[name], record)
        if args.check and wanted != text:
            print(f"{page.name} differs from {file.name}: run benchmarks/study_pages.py", file=sys.stderr)
            return 1
        if not args.check:
            page.write_text(wanted, encoding="utf-8")
        if args.heat_maps and name == "isic9_study":
            for variant in ("nine-dense", "eight-dense"):
                draw_heat_map(IMAGES / f"isic9-confusion-{variant.split('-')[0]}.png", record["reports"][variant])
    return 0


if __name__ == "__main__":
    sys.exit(main())
