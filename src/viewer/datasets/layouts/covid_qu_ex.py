"""COVID-QU-Ex: `ROOT/<Train, Val, Test>/<class>/images/x.png`, with masks in folders beside `images`."""

from pathlib import Path

from viewer.datasets.layouts.found import SPLITS, Entry, Found
from viewer.datasets.layouts.pictures import folders_in, mask_beside, picture_files
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError

IMAGES = "images"
LUNG_MASKS = "lung masks"


def recognises(query: DataQuery) -> bool:
    """Whether classes lie in parts of a split and keep their pictures in `images`."""
    return query.data.is_dir() and any(_has_images(folder) for _, folder in _classes(query.data))


def read(query: DataQuery) -> Found:
    """Every picture of every class, with the mask from the folder `query.mask`, else its lungs.

    Raises:
        ViewerError: No class has a folder of that name.
    """
    wanted = query.mask or LUNG_MASKS
    classes = [(split, folder) for split, folder in _classes(query.data) if _has_images(folder)]
    if query.mask and not any((folder / wanted).is_dir() for _, folder in classes):
        raise ViewerError(f"{query.data}: there is no folder of masks called {wanted!r} beside {IMAGES!r}")
    entries = [
        Entry(path=path, label=folder.name, split=split, mask=mask_beside(folder / wanted, path.stem))
        for split, folder in classes
        for path in picture_files(folder / IMAGES)
    ]
    without = sum(entry.mask is None for entry in entries)
    notes = (f"{without} of {len(entries)} pictures have no mask in {wanted!r}",) if without else ()
    return Found(entries=entries, described="COVID-QU-Ex", notes=notes)


def _classes(root: Path) -> list[tuple[str, Path]]:
    splits = [folder for folder in folders_in(root) if folder.name.lower() in SPLITS]
    return [(SPLITS[folder.name.lower()], inner) for folder in splits for inner in folders_in(folder)]


def _has_images(folder: Path) -> bool:
    return (folder / IMAGES).is_dir()
