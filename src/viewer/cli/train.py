"""`viewer train`: from a table of labelled pictures to a bundle."""

import argparse
import sys
from pathlib import Path

from viewer.cli.data_arguments import add_data, data_query
from viewer.domain.image import Modality
from viewer.settings import Settings
from viewer.training.plan import Description, Hyperparameters, Start, TrainingPlan


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer train`."""
    parser = subparsers.add_parser("train", help="train a model from labelled pictures and make a bundle of it")
    recipes = parser.add_subparsers(title="recipes", dest="recipe", required=True)
    classifier = recipes.add_parser(
        "classifier",
        help="one class per picture, from a table of labels",
        description="Splits the groups 60/15/25 into training, fitting and certifying, trains, fits and measures, "
        "and writes a bundle. After an interruption the same command goes on; with a finished training in the work "
        "folder it only fits and measures again. Nothing is downloaded unless --weights download is given.",
    )
    add_data(classifier.add_argument_group("data"))
    _add_bundle(classifier)
    _add_training(classifier)
    classifier.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Train and print where the bundle is.

    Args:
        args: As registered by `add_parser`.

    Returns:
        0.

    Raises:
        ViewerError: The data, the folders or the arguments do not allow it.
    """
    # torch and Lightning take seconds to import: only the command that needs them pays.
    from viewer.host.discovery import PluginHost
    from viewer.training.classifier import CLASSIFIER
    from viewer.training.run import refit, train

    plan, settings = read_plan(args), Settings.load()
    host = PluginHost(settings)
    try:
        host.load()
        bundle = refit(plan, settings, host, _say) if args.refit else train(plan, CLASSIFIER, settings, host, _say)
    finally:
        host.close()
    print(bundle.path)
    return 0


def read_plan(args: argparse.Namespace) -> TrainingPlan:
    """The plan the arguments describe.

    Raises:
        ViewerError: A number makes no sense.
    """
    plain = Hyperparameters()
    chosen = {name: getattr(args, name) for name in _HYPERPARAMETERS}
    return TrainingPlan(
        table=data_query(args),
        description=Description(
            name=args.name or args.out.name.lower(),
            version=args.bundle_version,
            intended_use=args.intended_use,
            licence=args.licence,
            modality=Modality(args.modality),
            critical_classes=tuple(args.critical),
            demonstration=args.demonstration,
            data_note=args.data_note,
        ),
        architecture=args.architecture,
        start=args.weights,
        out=args.out,
        work=args.work_dir or args.out.with_name(args.out.name + ".work"),
        input_size=args.input_size,
        resize=args.resize,
        frames_per_clip=args.frames_per_clip,
        hyper=Hyperparameters(
            **{n: getattr(plain, n) if v is None else v for n, v in chosen.items()},
            stop_early=args.stop_early,
            flips=args.flips,
        ),
        device=args.device,
    )


_HYPERPARAMETERS = {
    "epochs": (int, "at most this many passes over the training part"),
    "batch": (int, "pictures per step"),
    "learning_rate": (float, "highest learning rate"),
    "weight_decay": (float, "weight decay of AdamW"),
    "patience": (int, "epochs without improvement on the stopping groups before training ends"),
    "class_weight_power": (float, "0: every picture weighs alike, 1: every class"),
    "members": (int, "networks trained one after the other whose logits are averaged"),
    "seed": (int, "of the split, the start, the order and the augmentation"),
    "average": (float, "decay per step of a running average of the weights, e.g. 0.99; 0 for none"),
    "precision": (str, "32-true, or bf16-mixed where bfloat16 is faster"),
}


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("bundle")
    group.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="folder to write")
    group.add_argument("--name", default="", help="name of the bundle (default: of the folder)")
    group.add_argument("--bundle-version", default="1", metavar="V", help="version of the bundle (default 1)")
    group.add_argument("--modality", choices=[m.value for m in Modality], default=Modality.OTHER.value)
    group.add_argument("--intended-use", default="Research; not for decisions about patients.", metavar="TEXT")
    group.add_argument("--licence", default="not stated", metavar="TEXT", help="of the weights")
    group.add_argument("--data-note", default="", metavar="TEXT", help="names the data and its licence on the card")
    group.add_argument("--critical", nargs="+", default=[], metavar="CLASS", help="classes that must not be missed")
    group.add_argument("--demonstration", action="store_true", help="made for phantoms")


def _add_training(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("training")
    group.add_argument("--architecture", required=True, metavar="NAME", help="e.g. mobilenet_v2, resnet18")
    group.add_argument(
        "--weights", type=_start, default=None, metavar="FILE|download", help="ImageNet start (default: random)"
    )
    group.add_argument(
        "--input-size", type=int, default=0, metavar="N", help="side in pixels (default: network's own)"
    )
    group.add_argument("--resize", choices=["squash", "crop"], default="squash", help="how a picture becomes square")
    for name, (kind, text) in _HYPERPARAMETERS.items():
        default = getattr(Hyperparameters(), name)
        flags = [f"--{name.replace('_', '-')}", *(["--lr"] if name == "learning_rate" else [])]
        group.add_argument(*flags, dest=name, type=kind, metavar="X", help=f"{text} (default {default})")
    group.add_argument(
        "--no-stop", dest="stop_early", action="store_false", help="train on the stopping groups too, for all epochs"
    )
    group.add_argument(
        "--flips",
        action="store_true",
        help="average the answers to a picture and its mirror images (takes four times as long)",
    )
    group.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    group.add_argument("--work-dir", type=Path, metavar="DIR", help="checkpoints (default: BUNDLE.work)")
    group.add_argument("--refit", action="store_true", help="keep the weights of BUNDLE; fit and measure again")


def _start(text: str) -> Start:
    return "download" if text == "download" else Path(text)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
