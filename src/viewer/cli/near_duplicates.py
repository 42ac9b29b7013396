"""`viewer near-duplicates`: pictures that are almost the same to a model, labelled or not."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from viewer.cli.chosen_model import engine_of, named_model, say
from viewer.cli.on_stderr import positive
from viewer.cli.output import print_text, write_text
from viewer.domain.errors import ViewerError
from viewer.settings import Settings
from viewer.training.near_duplicates import ALIKE, Comparing, NearDuplicates

SOME_FAILED = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer near-duplicates`."""
    parser = subparsers.add_parser(
        "near-duplicates",
        help="find pictures that are almost the same to a model",
        description="Compares every picture with every other by what a model's network sees in them, and lists files "
        "that are almost the same, cropped or mirrored copies among them. It needs no labels. Copies that were "
        "recompressed, resized or recoloured are found by viewer check-data, which needs no model. Exit status: 0, "
        "1 when some files could not be read, 2 when it could not begin.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders, archives")
    parser.add_argument("--bundle", required=True, metavar="B", help="model, by name or path")
    parser.add_argument(
        "--limit",
        type=float,
        default=ALIKE,
        metavar="C",
        help="least cosine of the features of two that are listed (default %(default)s)",
    )
    parser.add_argument(
        "--frames-per-clip", type=positive, default=8, metavar="N", help="frames of a clip (default %(default)s)"
    )
    parser.add_argument(
        "--within", action="store_true", help="compare frames of one clip with each other too, and list frames"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the model runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to FILE")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Compare, and print what is alike; returns the exit status.

    Raises:
        ViewerError: There is no picture, no such model, or a file cannot be written.
    """
    for path in args.paths:
        if not path.exists():
            raise ViewerError(f"{path}: no such file or folder")
    asked = Comparing(limit=args.limit, frames_per_clip=args.frames_per_clip, within=args.within)
    found = _found(args, asked)
    text = json.dumps(_record(found, args.bundle), indent=2, ensure_ascii=False)
    print_text(text if args.json else "\n".join(_words(found)), sys.stdout)
    if args.out is not None:
        write_text(args.out, text)
    return SOME_FAILED if found.failed else 0


def _found(args: argparse.Namespace, asked: Comparing) -> NearDuplicates:
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.host.calls import guarded_readers
    from viewer.host.discovery import PluginHost
    from viewer.io.reader import walk
    from viewer.training.near_duplicates import find_near_duplicates

    host = PluginHost(Settings.load())
    try:
        host.load()
        files = walk(args.paths, readers=guarded_readers(host.guard, host.readers))
        engine = engine_of(named_model(args.bundle), host, args.device)
        return find_near_duplicates(engine, files, asked, say)
    finally:
        host.close()


def _words(found: NearDuplicates) -> Iterator[str]:
    alike = f"alike by {found.limit:g} or more"
    compared = f"{len(found.places)} pictures of {found.files} files"
    if not found.pairs:
        yield f"{compared}: none are {alike}."
        return
    several = f"{len(found.sets)} sets" if len(found.sets) > 1 else "1 set"
    yield f"{compared}: {len(found.pairs)} pairs are {alike}, in {several}."
    for number, one in enumerate(found.sets, 1):
        members = set(one)
        yield f"\nset {number}"
        for pair in found.pairs:
            if pair.first in members:
                yield f"  {pair.cosine:.4f}  {found.places[pair.first]}  =  {found.places[pair.second]}"


def _record(found: NearDuplicates, bundle: str) -> dict[str, object]:
    places = [{"file": place.file, "frame": place.frame} for place in found.places]
    return {
        "bundle": bundle,
        "limit": found.limit,
        "pictures": len(places),
        "files": found.files,
        "failed": found.failed,
        "pairs": [
            {"first": places[pair.first], "second": places[pair.second], "cosine": round(pair.cosine, 6)}
            for pair in found.pairs
        ],
        "sets": [[places[index] for index in one] for one in found.sets],
    }
