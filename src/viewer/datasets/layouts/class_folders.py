"""A folder per class, as the ISIC archive is often passed on: `ROOT/<class>/…` or `ROOT/<train, test>/<class>/…`.

Clips lie in them like stills. A folder `masks` beside the classes holds masks named as their pictures.
"""

from pathlib import Path

from viewer.datasets.layouts.found import MASK_FOLDERS, SPLITS, Entry, Found
from viewer.datasets.layouts.pictures import folders_in, mask_beside, picture_files
from viewer.datasets.query import DataQuery


def recognises(query: DataQuery) -> bool:
    """Whether there are folders that may be classes."""
    return query.data.is_dir() and bool(class_folders(query.data))


def read(query: DataQuery) -> Found:
    """Every picture of every class."""
    entries = [
        Entry(path=path, label=folder.name, split=split, mask=_mask(folder.parent, path.stem))
        for split, folder in class_folders(query.data)
        for path in picture_files(folder)
    ]
    splits = ", ".join(dict.fromkeys(split for split, _ in class_folders(query.data) if split))
    return Found(entries=entries, described=f"class folders in {splits}" if splits else "class folders")


def class_folders(root: Path) -> list[tuple[str, Path]]:
    """The folders of the classes, each with the part of a split it lies in, or `""`."""
    outer = _without_masks(root)
    splits = [folder for folder in outer if folder.name.lower() in SPLITS]
    if splits and len(splits) == len(outer):
        return [(SPLITS[folder.name.lower()], inner) for folder in splits for inner in _without_masks(folder)]
    return [("", folder) for folder in outer]


def _without_masks(root: Path) -> list[Path]:
    return [folder for folder in folders_in(root) if folder.name.lower() not in MASK_FOLDERS]


def _mask(parent: Path, stem: str) -> Path | None:
    folders = (folder for folder in folders_in(parent) if folder.name.lower() in MASK_FOLDERS)
    return next((mask for folder in folders if (mask := mask_beside(folder, stem)) is not None), None)
