"""`viewer train`: from a table of labelled pictures to a bundle, by a recipe."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from viewer.cli.data_arguments import add_care, add_data, add_thumbnails, data_query, leak_guard
from viewer.cli.progress import Telling
from viewer.domain.bundle import STEPS, Step
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Recipe, RecipeOption
from viewer.settings import Settings
from viewer.training.plan import Description, Garbage, Start, TrainingPlan
from viewer.training.processes import LeftToTheFirst
from viewer.training.recipe import network_for, offered_recipes


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer train`."""
    parser = subparsers.add_parser(
        "train",
        help="train a model from labelled pictures and make a bundle of it",
        description="Splits the groups 60/15/25 into training, fitting and certifying, trains, fits and measures, "
        "and writes a bundle. After an interruption the same command goes on; with a finished training in the work "
        "folder it only fits and measures again. Nothing is downloaded unless --weights download is given.",
    )
    add_recipes(parser, _add_refit, out=("BUNDLE", "folder to write"))


def add_recipes(
    parser: argparse.ArgumentParser, add_more: Callable[[argparse.ArgumentParser], None], *, out: tuple[str, str]
) -> None:
    """Add one subcommand for every recipe, with the options that training takes.

    Args:
        parser: Of the command.
        add_more: Adds the command's own options and sets `func`.
        out: Word and help of `--out`.
    """
    from viewer.host.discovery import PluginHost

    host = PluginHost(Settings.load())
    try:
        host.load()
        recipes = [offer.thing for offer in offered_recipes(host)]
    finally:
        host.close()
    words = parser.add_subparsers(title="recipes", dest="recipe", metavar="RECIPE", required=True)
    for recipe in recipes:
        description = f"{recipe.explanation} {parser.description}".replace("%", "%%")
        own = words.add_parser(recipe.name, help=recipe.title.replace("%", "%%"), description=description)
        data = own.add_argument_group("data")
        add_data(data)
        add_care(data)
        _add_bundle(own, *out)
        _add_training(own, recipe)
        _add_processes(own)
        own.set_defaults(chosen=recipe)
        add_more(own)
        try:
            _add_options(own, recipe)
        except argparse.ArgumentError as error:
            own.set_defaults(func=_refuse(f"the recipe {recipe.name} cannot be used: {error.message}"))


def _add_refit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--refit", action="store_true", help="keep the weights of BUNDLE; fit and measure again")
    parser.add_argument(
        "--split",
        choices=["stratified", "balanced"],
        default="stratified",
        help="60/15/25 class by class (default), or the training groups whose classes are most even",
    )
    parser.add_argument(
        "--train-groups", type=int, default=0, metavar="N", help="groups that a balanced split trains on"
    )
    add_thumbnails(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Train and print where the bundle is.

    Args:
        args: As registered by `add_parser`.

    Returns:
        0.

    Raises:
        ViewerError: The data, the folders or the arguments do not allow it, or the recipe fails.
    """
    # torch and Lightning take seconds to import: only the command that needs them pays.
    from viewer.host.discovery import PluginHost
    from viewer.training.run import refit, train

    plan, settings = (
        replace(read_plan(args), train_groups=_train_groups(args), pictured=args.thumbnails),
        Settings.load(),
    )
    say = Telling(sys.stderr, silent=not plan.processes.is_first)
    host = PluginHost(settings)
    try:
        host.load()
        bundle = refit(plan, settings, host, say) if args.refit else train(plan, args.chosen, settings, host, say)
    except LeftToTheFirst:
        return 0
    finally:
        say.close()
        host.close()
    print(bundle.path)
    return 0


def _train_groups(args: argparse.Namespace) -> int:
    number: int = args.train_groups
    if (args.split == "balanced") != (number > 0):
        raise ViewerError("--split balanced and --train-groups N (1 or more) go together")
    return number


def read_plan(args: argparse.Namespace) -> TrainingPlan:
    """The plan the arguments describe.

    Raises:
        ViewerError: A number makes no sense, or nobody says which network is trained.
    """
    recipe: Recipe = args.chosen
    asked = {name: getattr(args, name) for name in (*_HYPERPARAMETERS, "stop_early", "flips")}
    choices = recipe.choose({option.name: getattr(args, _place(option)) for option in recipe.options})
    architecture = args.architecture or network_for(recipe, choices)
    if not architecture:
        raise ViewerError(f"the recipe {recipe.name} trains any network: name one with --architecture")
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
            auxiliary=args.auxiliary,
            data_note=args.data_note,
        ),
        architecture=architecture,
        start=args.weights,
        out=args.out,
        work=args.work_dir or args.out.with_name(args.out.name + ".work"),
        input_size=args.input_size or recipe.input_size,
        resize=args.resize,
        steps=_steps(args.steps),
        frames_per_clip=args.frames_per_clip,
        guard=leak_guard(args),
        hyper=replace(recipe.defaults, **{name: value for name, value in asked.items() if value is not None}),
        choices=choices,
        garbage=_garbage(args),
        device=args.device,
        devices=args.devices,
        nodes=args.nodes,
        strategy=args.strategy,
    )


def _steps(named: list[Step]) -> tuple[Step, ...]:
    """Steps in the order in which they are done, whatever order they were named in."""
    return tuple(step for step in STEPS if step in named)


def _garbage(args: argparse.Namespace) -> Garbage | None:
    if args.garbage:
        return Garbage(folders=tuple(args.garbage_folder), left_out=tuple(args.garbage_leave_out))
    if args.garbage_folder or args.garbage_leave_out:
        raise ViewerError("--garbage-folder and --garbage-leave-out belong to --garbage")
    return None


_HYPERPARAMETERS = {
    "epochs": (int, "at most this many passes over the training part"),
    "batch": (int, "pictures per step, of all processes together"),
    "learning_rate": (float, "highest learning rate"),
    "weight_decay": (float, "weight decay of AdamW"),
    "patience": (int, "epochs without improvement on the stopping groups before training ends"),
    "class_weight_power": (float, "0: every picture weighs alike, 1: every class"),
    "members": (int, "networks trained one after the other whose logits are averaged"),
    "seed": (int, "of the split, the start, the order and the augmentation"),
    "average": (float, "decay per step of a running average of the weights, e.g. 0.99; 0 for none"),
    "precision": (str, "32-true, or bf16-mixed where bfloat16 is faster"),
}


def _add_bundle(parser: argparse.ArgumentParser, out: str, meaning: str) -> None:
    group = parser.add_argument_group("bundle")
    group.add_argument("--out", type=Path, required=True, metavar=out, help=meaning)
    group.add_argument("--name", default="", help="name of the bundle (default: of the folder)")
    group.add_argument("--bundle-version", default="1", metavar="V", help="version of the bundle (default 1)")
    group.add_argument("--modality", choices=[m.value for m in Modality], default=Modality.OTHER.value)
    group.add_argument("--intended-use", default="Research; not for decisions about patients.", metavar="TEXT")
    group.add_argument("--licence", default="not stated", metavar="TEXT", help="of the weights")
    group.add_argument("--data-note", default="", metavar="TEXT", help="names the data and its licence on the card")
    group.add_argument("--critical", nargs="+", default=[], metavar="CLASS", help="classes that must not be missed")
    group.add_argument("--demonstration", action="store_true", help="made for phantoms")
    group.add_argument(
        "--auxiliary",
        action="store_true",
        help="made to serve other models, with its mask, say: chosen unasked only where there is no other",
    )


def _add_training(parser: argparse.ArgumentParser, recipe: Recipe) -> None:
    group = parser.add_argument_group("training")
    usual = recipe.architecture_for(recipe.choose({}))
    group.add_argument(
        "--architecture",
        default="",
        required=not usual,
        metavar="NAME",
        help=f"network (default {usual}, as the recipe's options say)" if usual else "e.g. mobilenet_v2, resnet18",
    )
    group.add_argument(
        "--weights",
        type=_start,
        default=None,
        metavar="FILE|BUNDLE|download",
        help="ImageNet start, or another bundle of the same network (default: random)",
    )
    group.add_argument(
        "--input-size",
        type=int,
        default=0,
        metavar="N",
        help=f"side in pixels (default: {recipe.input_size or 'the network own'})".replace(
            "network own", "network's own"
        ),
    )
    group.add_argument("--resize", choices=["squash", "crop"], default="squash", help="how a picture becomes square")
    group.add_argument(
        "--steps",
        nargs="+",
        choices=STEPS,
        default=[],
        metavar="STEP",
        help="what is done to every picture first, in training and wherever the bundle is used: "
        f"{', '.join(STEPS)} (default none)",
    )
    for name, (kind, text) in _HYPERPARAMETERS.items():
        default = getattr(recipe.defaults, name)
        flags = [f"--{name.replace('_', '-')}", *(["--lr"] if name == "learning_rate" else [])]
        group.add_argument(*flags, dest=name, type=kind, metavar="X", help=f"{text} (default {default})")
    group.add_argument(
        "--stop",
        dest="stop_early",
        action=argparse.BooleanOptionalAction,
        help="let the stopping groups decide which epoch is kept; else train on them too, for all epochs "
        f"(default {_yes(recipe.defaults.stop_early)})",
    )
    group.add_argument(
        "--flips",
        action=argparse.BooleanOptionalAction,
        help="average the answers to a picture and its mirror images, which takes four times as long "
        f"(default {_yes(recipe.defaults.flips)})",
    )
    group.add_argument(
        "--garbage",
        action="store_true",
        help="teach one more output to tell pictures of no kind the model knows: textures, noise, other kinds of "
        "pictures, wrongly prepared ones …",
    )
    group.add_argument(
        "--garbage-folder",
        nargs="+",
        type=Path,
        default=[],
        metavar="DIR",
        help="folders with pictures to be taken for garbage as well, each a family of its own",
    )
    group.add_argument(
        "--garbage-leave-out",
        nargs="+",
        default=[],
        metavar="FAMILY",
        help="families of garbage not to train on, to find out what the model makes of them",
    )
    group.add_argument(
        "--work-dir", type=Path, metavar="DIR", help="checkpoints and log.csv (default: beside --out, .work)"
    )


def _add_processes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("devices")
    group.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    group.add_argument("--devices", type=int, default=1, metavar="N", help="GPUs, or CPU processes (default 1)")
    group.add_argument("--nodes", type=int, default=1, metavar="N", help="machines (default 1)")
    group.add_argument("--strategy", default="auto", metavar="NAME", help="of Lightning, e.g. ddp (default auto)")


def _add_options(parser: argparse.ArgumentParser, recipe: Recipe) -> None:
    """The recipe's own options.

    Raises:
        argparse.ArgumentError: One has the name of another option.
    """
    group = parser.add_argument_group(f"options of {recipe.name}")
    for option in recipe.options:
        flag, place = f"--{option.name.replace('_', '-')}", _place(option)
        help_text = option.help.replace("%", "%%")
        if isinstance(option.default, bool):
            group.add_argument(
                flag,
                dest=place,
                action=argparse.BooleanOptionalAction,
                default=option.default,
                help=f"{help_text} (default {_yes(option.default)})",
            )
            continue
        group.add_argument(
            flag,
            dest=place,
            type=type(option.default),
            choices=option.choices or None,
            default=option.default,
            metavar=None if option.choices else "X",
            help=f"{help_text} (default {option.default})",
        )


def _place(option: RecipeOption) -> str:
    """Where the value of an option stands among the arguments, out of the way of all others."""
    return f"option_{option.name}"


def _refuse(reason: str) -> Callable[[argparse.Namespace], int]:
    def refuse(_args: argparse.Namespace) -> int:
        raise ViewerError(reason)

    return refuse


def _yes(switch: object) -> str:
    return "yes" if switch else "no"


def _start(text: str) -> Start:
    return "download" if text == "download" else Path(text)
