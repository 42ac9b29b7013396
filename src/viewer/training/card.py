"""CARD.md: what a bundle is, what it was made from, how good it is, and what it must not be used for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from viewer.datasets.split import Part
from viewer.domain.bundle import Manifest
from viewer.domain.certificate import DECISIONS, Certificate, Claim
from viewer.domain.recipe import Recipe
from viewer.present.preparation import step_words
from viewer.training.figures import Figures
from viewer.training.garbage.rejection import SHARE, GarbageReport
from viewer.training.learning import Learned
from viewer.training.mask_figures import MaskFigures, mask_section
from viewer.training.plan import TrainingPlan

MADE_FROM = "What it was made from"
CERTIFICATE = "Certificate"
MASK = "Mask"
GARBAGE = "Pictures of no kind it knows"
NOTHING_CERTIFIED = "No combination of scorers has been fitted and nothing is certified."


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What fitting came to, for the card.

    Attributes:
        temperature: Fitted.
        likelihood_before, likelihood_after: Mean negative log-likelihood on the fit groups, nats, at temperature 1
            and at the fitted one.
        figures: On the certify groups.
        titles: Of the scorers, by name.
        masks: How well the network draws; None where it draws nothing, or nobody drew a mask to compare with.
        garbage: What the network rejects of pictures of no kind it knows; None where it has no output for them.
    """

    temperature: float
    likelihood_before: float
    likelihood_after: float
    figures: Figures
    titles: Mapping[str, str]
    masks: MaskFigures | None = None
    garbage: GarbageReport | None = None


def made_from(
    plan: TrainingPlan,
    recipe: Recipe,
    members: Sequence[Learned],
    sizes: Mapping[Part, tuple[int, int]],
    notes: Sequence[str],
) -> str:
    """The section on data and training; kept as it is when a bundle is fitted anew.

    Args:
        plan: What was asked for.
        recipe: How it was trained.
        members: The finished training, or those of the ensemble's members.
        sizes: Groups and files of every part.
        notes: What was left out of the table.
    """
    hyper = plan.hyper
    lines = [plan.description.data_note] if plan.description.data_note else []
    lines += [f"{note[0].upper()}{note[1:]}." for note in notes]
    lines += ["", "| part | groups | files | used for |", "|---|---|---|---|"]
    uses = _USES if hyper.stop_early else {**_USES, Part.STOP: _USES[Part.TRAIN]}
    lines += [f"| {part} | {sizes[part][0]} | {sizes[part][1]} | {uses[part]} |" for part in Part]
    lines += [
        "",
        "No group (patient, else lesion) is in two parts.",
        "",
        f"{members[0].start} {_ensemble(members, flips=hyper.flips)}It was trained to {recipe.summary}"
        f"{_choices(plan, recipe)}: at most {hyper.epochs} epochs of batches of {hyper.batch}, "
        f"{'AdamW' if recipe.optimiser is None else recipe.schedule} at {hyper.learning_rate:g}, weight decay "
        f"{hyper.weight_decay:g}, class weights to the power {hyper.class_weight_power:g}, seed {hyper.seed}, "
        f"{hyper.precision}. {_kept(plan, members)}",
    ]
    return "\n".join(lines).strip()


def _choices(plan: TrainingPlan, recipe: Recipe) -> str:
    """What was chosen, and from which recipe; nothing where that has no options."""
    words = {True: "yes", False: "no"}
    choices = recipe.choose(plan.choices).items()
    told = ", ".join(f"{name} {words[value] if isinstance(value, bool) else value}" for name, value in choices)
    return f" (recipe {recipe.name} {recipe.version}: {told})" if told else ""


def _ensemble(members: Sequence[Learned], *, flips: bool) -> str:
    views = "Its answer is the mean over the picture and its three mirror images. " if flips else ""
    if len(members) == 1:
        return views
    return views + (
        f"It is an ensemble: {len(members)} networks, each with its own order and augmentation of the pictures, "
        "answer with the mean of their logits. What follows holds for each. "
    )


def _kept(plan: TrainingPlan, members: Sequence[Learned]) -> str:
    """Which weights the bundle holds."""
    average = f"a running average (decay {plan.hyper.average:g}) at the end of " if plan.hyper.average else ""
    return f"The weights are those of {average}{', '.join(map(_epoch, members))}, stored as float16."


def _epoch(learned: Learned) -> str:
    best = learned.best
    where = f"epoch {best.number} of {len(learned.history)}"
    if best.stop_loss is None:
        return f"{where} (the stopping groups were trained on as well)"
    return f"{where} (lowest loss on the stopping groups: {best.stop_loss:.3f}, accuracy {best.stop_accuracy:.3f})"


_USES: Mapping[Part, str] = {
    Part.TRAIN: "moving the weights",
    Part.STOP: "deciding when to stop",
    Part.FIT: "temperature, distribution functions, what scorers learn",
    Part.CERTIFY: "the figures below",
}


def write_card(manifest: Manifest, made: str, calibrated: Calibrated) -> str:
    """The whole card as Markdown."""
    return "\n\n".join(
        [
            f"# {manifest.name} {manifest.version}",
            manifest.intended_use,
            *_demonstration(manifest),
            _facts(manifest),
            f"## {MADE_FROM}\n\n{made}",
            f"## Figures\n\n{_figures(manifest, calibrated)}",
            *([f"## {MASK}\n\n{mask_section(calibrated.masks)}"] if calibrated.masks else []),
            *([f"## {GARBAGE}\n\n{garbage_section(calibrated.garbage)}"] if calibrated.garbage else []),
            f"## Limits\n\n{_limits(manifest, calibrated)}",
            "",
        ]
    )


def read_section(card: str, heading: str) -> str:
    """Text of one section of a card, `""` where there is none."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", card, re.MULTILINE | re.DOTALL)
    return found.group(1).strip() if found else ""


def with_certificate(
    card: str, combination: str, certificate: Certificate, for_clips: Certificate | None = None
) -> str:
    """The card with its section on the certificates, which takes the place of an earlier one."""
    stripped = re.sub(rf"^## {CERTIFICATE}\n.*?(?=^## |\Z)", "", card, flags=re.MULTILINE | re.DOTALL)
    plain = stripped.replace(f" {NOTHING_CERTIFIED}", "").rstrip()
    scorers = ", ".join(f"{s.name} {s.weight:.3g} (version {s.version})" for s in certificate.scorers)
    gate = ", ".join(f"{s.name} (version {s.version})" for s in certificate.gate_scorers)
    weights = f"{combination}. Weights: {scorers}. {f'Pictures of another kind are told by {gate}.' if gate else ''}"
    parts = [weights.rstrip(), _certificate(certificate)]
    parts += [] if for_clips is None else [f"### Whole clips\n\n{_certificate(for_clips)}"]
    return "\n\n".join([plain, f"## {CERTIFICATE}", *parts]) + "\n"


def _certificate(certificate: Certificate) -> str:
    claim = certificate.claim
    rows = [("green", certificate.green), ("red", certificate.red)]
    rows += [(f"green, {name}", certificate.by_class.get(name)) for name in certificate.classes]
    if certificate.critical_classes:
        rows.append((f"missed: {', '.join(certificate.critical_classes)}", certificate.missed))
    lines = [
        f"{claim[0].upper()}{claim[1:]}. {certificate.decisions} decisions, each about one {certificate.unit}; test: "
        f"{certificate.test}.",
        "",
        "| claim | threshold | decisions | groups | errors | coverage |",
        "|---|---|---|---|---|---|",
        *(_claim_row(name, claimed) for name, claimed in rows),
    ]
    if certificate.critical_classes and certificate.green is not None:
        lines += [
            "",
            f"Missed critical cases: {certificate.missed_cases} of the {certificate.benign_green} green "
            f"{DECISIONS[certificate.unit]} for other classes.",
        ]
    return "\n".join(lines)


def _claim_row(name: str, claim: Claim | None) -> str:
    if claim is None:
        return f"| {name} | the numbers do not allow it | | | | |"
    counts = f"{claim.decisions} | {claim.groups} | {claim.errors}"
    return f"| {name} | {claim.threshold:.3f} | {counts} | {claim.coverage:.3f} |"


def _demonstration(manifest: Manifest) -> list[str]:
    if not manifest.demonstration:
        return []
    return ["**For demonstration only: it was made for generated pictures and knows nothing of patients.**"]


def _facts(manifest: Manifest) -> str:
    critical = ", ".join(manifest.critical_classes) or "none"
    side = manifest.input_size
    return "\n".join(
        [
            f"- Pictures: {manifest.modality}, {side}×{side} pixels ({manifest.resize})",
            *([f"- Before that, in this order: {step_words(manifest.steps)}"] if manifest.steps else []),
            f"- Network: {manifest.architecture}",
            f"- Classes: {', '.join(manifest.classes)}",
            f"- Classes that must not be missed: {critical}",
            *([f"- Draws: {manifest.mask_shows}"] if manifest.mask_shows else []),
            f"- Licence of the weights: {manifest.licence}",
        ]
    )


def _figures(manifest: Manifest, calibrated: Calibrated) -> str:
    figures = calibrated.figures
    lines = [
        f"Measured on the {figures.pictures} pictures of the {figures.groups} certify groups with the weights of "
        "this bundle; in brackets 95 % intervals from a bootstrap over groups.",
        "",
        "| figure | value |",
        "|---|---|",
        f"| accuracy | {figures.accuracy} |",
        f"| balanced accuracy | {figures.balanced_accuracy} |",
    ]
    lines += [
        f"| recall of {name} (n = {n}) | {recall} |"
        for name, n, recall in zip(manifest.classes, figures.supports, figures.recalls, strict=True)
    ]
    lines += [
        "",
        "How well the trust of each scorer separates right from wrong answers (AUROC_f; .5 is chance). Scorers of "
        "the input's suitability are not made for this.",
        "",
        "| scorer | AUROC_f | pictures without a trust |",
        "|---|---|---|",
    ]
    lines += [
        f"| {calibrated.titles.get(name, name)} (`{name}`) | {auroc} | {figures.abstained[name]} |"
        for name, auroc in figures.aurocs.items()
    ]
    lines += [
        "",
        f"Temperature {calibrated.temperature:.3f}, fitted on the fit groups (mean negative log-likelihood "
        f"{calibrated.likelihood_before:.3f} → {calibrated.likelihood_after:.3f} nats). {NOTHING_CERTIFIED}",
    ]
    return "\n".join(lines)


def garbage_section(report: GarbageReport) -> str:
    """What is rejected of every family, as Markdown."""
    rows = [report.proper, *report.families]
    cannot = any(np.isnan(row.gate.value) for row in rows)
    lines = [
        "One more output learnt to tell pictures of no kind the network knows. Shares rejected where "
        f"{SHARE:.0%} of the proper pictures of the fit groups would be; the output alone then rejects above "
        f"{report.threshold:.2g}. Counted on pictures of the certify groups, on what was spoilt of these, and on "
        "drawn ones; in brackets 95 % intervals from a bootstrap over groups.",
        "",
        "| pictures | tried | taught as garbage | the output alone | suitability and fingerprint | all together |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.title} | {row.pictures} | {'yes' if row.trained else 'no'} | {row.alone} | {row.gate} | "
            f"{row.together} |"
            for row in rows
        ),
    ]
    lines += ["", "Suitability and fingerprint have too few fit groups to tell anything."] if cannot else []
    return "\n".join(lines)


def _limits(manifest: Manifest, calibrated: Calibrated) -> str:
    figures = calibrated.figures
    lines = [
        "- The figures hold for pictures like those it was made from: same kind of device, same mix of cases. "
        "Another hospital's pictures will do worse.",
        f"- It knows {len(manifest.classes)} classes and names one of them for any picture whatever.",
    ]
    rare = [f"{name} ({n})" for name, n in zip(manifest.classes, figures.supports, strict=True) if n < 30]
    if rare:
        lines.append(f"- Few pictures behind the recall of {', '.join(rare)}.")
    if not manifest.demonstration:
        lines.append("- It is no medical device; it must not decide about a patient.")
    return "\n".join(lines)
