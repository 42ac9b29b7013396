"""`viewer reference`: the user's own labelled pictures, shown where the AI's answer is compared with similar ones."""

import argparse
import json
from datetime import date
from pathlib import Path

from viewer.cli.chosen_model import engine_of, named_model, say
from viewer.cli.data_arguments import add_columns, query_of
from viewer.cli.on_stderr import positive
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle
from viewer.resources import user_references
from viewer.settings import Settings
from viewer.store.references import AddedFolder, ReferenceStore
from viewer.training.plan import HELD_OUT_FRAMES

SOME_DAMAGED = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer reference`."""
    parser = subparsers.add_parser(
        "reference",
        help="add your own labelled pictures to compare with",
        description="Keeps what a model's network sees in labelled pictures of yours, with small copies of them, in "
        f"{user_references()}. The panel of similar frames shows them beside the model's own, and shows your picture "
        "where the model remembers the same one. They change no vote, no trust and no light.",
    )
    words = parser.add_subparsers(title="what to do", dest="word", metavar="WORD", required=True)
    add = words.add_parser(
        "add", help="add labelled pictures", description="Replaces what was added from DATA before."
    )
    _add_model(add)
    _add_place(add)
    add_columns(add)
    add.add_argument(
        "--frames-per-clip",
        type=positive,
        default=HELD_OUT_FRAMES,
        metavar="N",
        help="frames of a clip (default %(default)s: those that a model remembers are among them)",
    )
    add.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the model runs")
    add.set_defaults(func=_add)
    listed = words.add_parser("list", help="list what was added")
    _add_model(listed)
    listed.add_argument("--json", action="store_true", help="one JSON object per line")
    listed.set_defaults(func=_list)
    remove = words.add_parser("remove", help="forget what was added; the pictures themselves stay")
    _add_model(remove)
    _add_place(remove)
    remove.set_defaults(func=_remove)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, metavar="DATA", help="table of labels (CSV), or folder of classes")


def _add(args: argparse.Namespace) -> int:
    """Add pictures, and say how many; returns 0.

    Raises:
        ViewerError: They have no labels, the model does not know a class, or they cannot be kept.
    """
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.host.discovery import PluginHost
    from viewer.training.referencing import add_references

    bundle, host = named_model(args.bundle), PluginHost(Settings.load())
    try:
        host.load()
        count = add_references(
            engine_of(bundle, host, args.device),
            query_of(args.data, args),
            _store(bundle),
            frames_per_clip=args.frames_per_clip,
            today=date.today(),
            say=say,
        )
    finally:
        host.close()
    pictures = "1 picture" if count == 1 else f"{count} pictures"
    print(f"{pictures} added for {bundle.manifest.name} from {args.data}")
    return 0


def _list(args: argparse.Namespace) -> int:
    """Print what was added; returns 1 where something of it is damaged."""
    folders, faults = _store(named_model(args.bundle)).folders()
    for folder in folders:
        print(json.dumps(_record(folder), ensure_ascii=False) if args.json else _line(folder))
    for fault in faults:
        say(fault)
    if not folders and not args.json:
        print("Nothing has been added for this model.")
    return SOME_DAMAGED if faults else 0


def _remove(args: argparse.Namespace) -> int:
    """Forget what was added; returns 0.

    Raises:
        ViewerError: There is nothing of that name.
    """
    if not _store(named_model(args.bundle)).remove(args.data.resolve()):
        raise ViewerError(f"{args.data}: nothing was added from there for this model")
    print(f"the pictures of {args.data} are no references any more")
    return 0


def _store(bundle: Bundle) -> ReferenceStore:
    return ReferenceStore(user_references(), bundle.weights_digest)


def _record(folder: AddedFolder) -> dict[str, object]:
    return {
        "data": str(folder.data),
        "added": folder.added.isoformat(),
        "pictures": folder.pictures,
        "groups": folder.groups,
        "classes": dict(folder.classes),
    }


def _line(folder: AddedFolder) -> str:
    classes = ", ".join(f"{count} {name}" for name, count in folder.classes.items())
    return f"{folder.data}: {folder.pictures} pictures of {folder.groups} patients ({classes}), added {folder.added}"
