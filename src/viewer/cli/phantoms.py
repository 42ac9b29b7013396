"""`viewer phantoms`: write generated lesions and lung-ultrasound clips with their truth."""

import argparse
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.io.dicom_writer import write_clip
from viewer.phantoms.cohort import LEAKS, Leak, lesion_cohort, ultrasound_cohort
from viewer.phantoms.folder import write_clips, write_faulty_clips, write_faulty_lesions, write_lesions
from viewer.phantoms.lesion import KINDS
from viewer.phantoms.ultrasound import ClipPhantom


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer phantoms`."""
    parser = subparsers.add_parser(
        "phantoms",
        help="write generated images with known truth",
        description="Writes lesions as PNG with masks (labels.csv) and lung-ultrasound clips as multi-frame "
        "DICOM (clips.csv). The same seed writes the same pictures.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write; created when missing")
    parser.add_argument("--lesions", type=_count, default=12, metavar="N", help="number of lesions (default 12)")
    parser.add_argument("--clips", type=_count, default=3, metavar="N", help="number of clips (default 3)")
    parser.add_argument(
        "--lesions-per-patient", type=_positive, default=3, metavar="N", help="of one skin (default 3)"
    )
    parser.add_argument(
        "--clips-per-patient", type=_positive, default=2, metavar="N", help="of one chest (default 2)"
    )
    parser.add_argument("--frames", type=_positive, default=60, metavar="N", help="frames of a clip (default 60)")
    parser.add_argument("--seed", type=_count, default=0, metavar="S", help="0 or more (default 0)")
    parser.add_argument(
        "--faults",
        action="store_true",
        help="also write the first lesion and the first clip once with every fault, such as blurred or inverted, in "
        "files named after it (faulty-lesions.csv, faulty-clips.csv)",
    )
    leak = parser.add_argument_group("lesions whose class is given away")
    leak.add_argument("--leak", choices=LEAKS, help="artefact that goes together with one class")
    leak.add_argument("--leak-class", choices=KINDS, default="melanoma", help="which class (default melanoma)")
    leak.add_argument(
        "--leak-share",
        type=_share,
        default=0.95,
        metavar="S",
        help="share of that class with the artefact, 1 - S of every other (default 0.95): 0.5 gives nothing away, 0 "
        "misleads. Where it lies is written too (column leak); the lesions are the same at every S",
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the phantoms and print the tables written.

    Args:
        args: With `folder`, `lesions`, `clips`, how many of a patient, `frames`, `seed`, `faults` and the leak.

    Returns:
        0.

    Raises:
        ViewerError: The folder cannot be written.
    """
    try:
        if args.lesions:
            _write_lesions(args)
        if args.clips:
            _write_clips(args)
    except OSError as error:
        raise ViewerError(f"{args.folder}: cannot be written ({error.strerror})") from error
    return 0


def _write_lesions(args: argparse.Namespace) -> None:
    leak = Leak(args.leak, args.leak_class, args.leak_share) if args.leak else None
    lesions = lesion_cohort(args.lesions, args.seed, lesions_per_patient=args.lesions_per_patient, leak=leak)
    first = next(lesions)
    print(write_lesions(args.folder, chain([first], islice(lesions, args.lesions - 1)), args.leak or ""))
    if args.faults:
        print(write_faulty_lesions(args.folder, first))


def _write_clips(args: argparse.Namespace) -> None:
    clips = ultrasound_cohort(args.clips, args.seed, clips_per_patient=args.clips_per_patient, frames=args.frames)
    first = next(clips)
    print(write_clips(args.folder, chain([first], islice(clips, args.clips - 1)), _write_dicom))
    if args.faults:
        print(write_faulty_clips(args.folder, first, _write_dicom))


def _count(text: str) -> int:
    """A whole number, 0 or more."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return number


def _positive(text: str) -> int:
    """A whole number, 1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def _share(text: str) -> float:
    """A number from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return number


def _write_dicom(path: Path, clip: ClipPhantom, frames: Iterator[NDArray[np.uint8]]) -> None:
    write_clip(
        path,
        frames,
        modality="US",
        frame_time_ms=clip.frame_time_ms,
        regions=(clip.region,),
        patient_id=clip.group,
    )
