"""The words that name labelled data, the same for every command."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from viewer.datasets.guard import LeakGuard
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError
from viewer.resources import facts_file

LAYOUTS = ("auto", "table", "classes", "covid-qu-ex", "ph2", "dicom")


def add_data(group: argparse._ArgumentGroup, *, required: bool = True, frames: int | None = 4) -> None:
    """Add what names labelled files and their columns.

    Args:
        group: Where the arguments go.
        required: Whether the command needs data.
        frames: Default of `--frames-per-clip`; None for a command that takes no such number.
    """
    group.add_argument(
        "--data", type=Path, required=required, metavar="PATH", help="table of labels (CSV), or folder of classes"
    )
    add_columns(group)
    if frames is not None:
        group.add_argument(
            "--frames-per-clip", type=int, default=frames, metavar="N", help=f"frames of a clip (default {frames})"
        )


def add_columns(group: argparse._ActionsContainer) -> None:
    """Add how the data lie and what the columns of a table are called."""
    add_pictures(group, file_help="column of the path (default file); for DICOM also SOPInstanceUID or PatientID")
    group.add_argument("--layout", choices=LAYOUTS, default="auto", help="how files lie (default: recognised)")
    group.add_argument("--label", default="", metavar="COL", help="column of the class; rows without are left out")
    group.add_argument(
        "--group-from", default="", metavar="REGEX", help="find the patient in the path instead, in the first bracket"
    )
    group.add_argument(
        "--merge-classes",
        type=_merge,
        action="append",
        default=[],
        metavar="NAME=A,B",
        help="take the classes A and B together as NAME; repeatable",
    )
    group.add_argument("--mask", default="", metavar="COL", help="column of the mask's path, or folder of the masks")
    group.add_argument("--source-column", default="", metavar="COL", help="column of the site or scanner")
    group.add_argument("--split-column", default="", metavar="COL", help="column of the makers' train or test part")


def add_pictures(group: argparse._ActionsContainer, *, file_help: str = "column of the path (default file)") -> None:
    """Add which rows of a table name pictures, and whose they are."""
    group.add_argument(
        "--image-root",
        type=Path,
        metavar="DIR",
        help="what the file column starts from (else the table's folder)",
    )
    group.add_argument("--group", default="", metavar="COL", help="column of the patient, else lesion")
    group.add_argument("--file-column", default="file", metavar="COL", help=file_help)
    group.add_argument("--frame-column", default="", metavar="COL", help="column of the frame in question, from 0")
    group.add_argument(
        "--where",
        type=_condition,
        action="append",
        default=[],
        metavar="COL=VALUE",
        help="only such rows; repeatable, for one column too: any of its values will do",
    )


def conditions(where: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Values that `--where` allows, by column."""
    return {name: tuple(v for n, v in where if n == name) for name, _ in where}


def data_query(args: argparse.Namespace) -> DataQuery:
    """What the arguments ask for.

    Raises:
        ViewerError: No data is named.
    """
    if args.data is None:
        raise ViewerError("name the labelled data with --data")
    return query_of(args.data, args)


def query_of(data: Path, args: argparse.Namespace) -> DataQuery:
    """The same columns, asked of `data`."""
    return DataQuery(
        data=data,
        layout=args.layout,
        image_root=args.image_root,
        label=args.label,
        group=args.group,
        file_column=args.file_column,
        frame_column=args.frame_column,
        mask=args.mask,
        source_column=args.source_column,
        split_column=args.split_column,
        where=conditions(args.where),
        group_from=args.group_from,
        merge=_together(args.merge_classes),
    )


def add_care(group: argparse._ArgumentGroup) -> None:
    """Add what is done about the same picture in several parts."""
    group.add_argument(
        "--merge-copies", action="store_true", help="put groups that share a picture together before they are divided"
    )
    group.add_argument(
        "--allow-leaks",
        action="store_true",
        help="go on although a picture is in two parts; the card says so",
    )


def add_thumbnails(group: argparse._ActionsContainer) -> None:
    """Add whether a bundle may show the pictures it is made from."""
    group.add_argument(
        "--thumbnails",
        action="store_true",
        help="keep small copies (64 pixels) of some pictures in the model, to show as similar cases; whoever gets "
        "the model gets them too, so only where the pictures' licence and the patients' consent allow that",
    )


def leak_guard(args: argparse.Namespace) -> LeakGuard:
    """What the arguments of `add_care` ask for."""
    return LeakGuard(merge=args.merge_copies, allow=args.allow_leaks, shelf=facts_file())


def _together(merges: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Classes that `--merge-classes` takes together, by their new name."""
    return {name: tuple(one for n, classes in merges if n == name for one in classes) for name, _ in merges}


def _merge(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, listed = text.partition("=")
    classes = tuple(one.strip() for one in listed.split(",") if one.strip())
    if not name or not classes:
        raise argparse.ArgumentTypeError(f"{text!r} is not like NAME=A,B")
    return name, classes


def _condition(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not sign or not column:
        raise argparse.ArgumentTypeError(f"{text!r} is not like COL=VALUE")
    return column, value
