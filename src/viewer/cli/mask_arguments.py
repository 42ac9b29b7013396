"""The arguments that say where masks come from, the same for every command that shows or writes them."""

import argparse
from pathlib import Path

from viewer.session.masks import MasksFrom


def add_mask_sources(parser: argparse.ArgumentParser) -> None:
    """Add `--masks-by` and `--given-masks`, of which one may be named."""
    sources = parser.add_mutually_exclusive_group()
    sources.add_argument("--masks-by", metavar="B", help="another model, which draws the masks of the same pictures")
    sources.add_argument(
        "--given-masks", type=Path, metavar="DIR", help="your own masks: pictures called as theirs, bright inside"
    )


def mask_source(args: argparse.Namespace) -> MasksFrom:
    """What was named; nothing where a command has no such arguments."""
    named = vars(args)
    return MasksFrom(model=named.get("masks_by") or "", folder=named.get("given_masks"))
