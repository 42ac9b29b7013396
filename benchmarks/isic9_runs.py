"""The cross-validations of the study of nine skin lesions: which there are, and how to make or find them."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from viewer.cli import main as viewer
from viewer.cli import train
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable
from viewer.domain.errors import ViewerError
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import Evaluation
from viewer.host.discovery import PluginHost

Json = dict[str, object]

SEED, FOLDS = 2026, 5
BOOTSTRAP = Bootstrap(draws=2000, seed=0)
SETTINGS = ("--epochs", "15", "--patience", "4", "--seed", str(SEED), "--device", "cpu", "--modality", "dermoscopy")
NINE = ("--label", "class", "--where", "set=isic9_180")
EIGHT = ("--label", "class_clean", "--where", "set=isic9_180", "--where", "exact_dup=0")


@dataclass(frozen=True, slots=True)
class Variant:
    """One cross-validation.

    Attributes:
        name: Of its folder.
        head: `gap` or `dense`.
        rows: Which rows and labels.
        group: Column of what is never separated.
    """

    name: str
    head: str
    rows: tuple[str, ...]
    group: str = "group_id"


VARIANTS = (
    Variant("nine-gap", "gap", NINE),
    Variant("nine-dense", "dense", NINE),
    Variant("eight-gap", "gap", EIGHT),
    Variant("eight-dense", "dense", EIGHT),
)
BY_PICTURE = Variant("nine-gap-by-image", "gap", NINE, "file")
"""As the study divided: every picture by itself, so that copies and neighbours of it are trained on."""


@dataclass(frozen=True, slots=True)
class Study:
    """Where everything is.

    Attributes:
        data: Folder with derm/labels.csv.
        weights: ImageNet start.
        work: Folder of the cross-validations.
        host: Loaded plugins.
    """

    data: Path
    weights: Path
    work: Path
    host: PluginHost

    def words(self, variant: Variant, *more: str) -> list[str]:
        """Arguments of `viewer cross-validate` and `viewer train` after the recipe."""
        derm = self.data / "derm"
        network = ["--backbone", "mobilenet_v2", "--head", variant.head, "--weights", str(self.weights)]
        table = [
            "--data",
            str(derm / "labels.csv"),
            "--image-root",
            str(derm),
            *variant.rows,
            "--group",
            variant.group,
        ]
        return [*network, *table, *SETTINGS, *more]

    def cross_validated(self, variant: Variant) -> Path:
        """The table of one cross-validation, made by the command that anybody can give."""
        out = self.work / variant.name
        words = ["cross-validate", "isic9", *self.words(variant), "--folds", str(FOLDS), "--out", str(out)]
        if viewer(words) != 0:
            raise ViewerError(f"{out}: the cross-validation did not come to its end")
        return out / "predictions.csv"

    def table(self, variant: Variant, *more: str) -> LabelTable:
        """The labelled files of a variant."""
        return read_dataset(train.read_plan(self.parsed(variant, *more)).table)

    def parsed(self, variant: Variant, *more: str) -> argparse.Namespace:
        """Arguments of `viewer train isic9` for this variant."""
        parser = argparse.ArgumentParser()
        train.add_parser(parser.add_subparsers())
        out = ["--out", str(self.work / f"original-split-{variant.head}")]
        return parser.parse_args(["train", "isic9", *self.words(variant), *out, *more])


def figure_of(found: Evaluation, name: tuple[str, ...]) -> Json:
    """A figure with its interval."""
    figure = found.figures[name]
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def say(sentence: str) -> None:
    """Tell how far it is."""
    print(sentence, file=sys.stderr, flush=True)
