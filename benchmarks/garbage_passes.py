"""What a frozen network makes of proper pictures and of garbage drawn from them, seen once and kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from kinds import read, rows_of, thinned
from numpy.typing import NDArray

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.bundle import Manifest
from viewer.domain.evidence import Need
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.training.garbage.families import Drawn, Family, families_for
from viewer.training.pictures import Item, Reader, read_item

NEEDS = frozenset({Need.LOGITS, Need.FEATURES, Need.MIDDLE, Need.LOOK})
SEED = 7_220
PIECES = 240
"""Drawn of each family; a piece is taught or tried as the picture it was drawn from is."""

REAL = 150
"""Real pictures of each other kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Data with labels, and the frozen network they are studied with."""

    name: str
    table: str
    label: str
    where: dict[str, tuple[str, ...]]
    architecture: str
    input_size: int
    modality: Modality
    frames: int

    def query(self, data: Path) -> DataQuery:
        """The rows of the table."""
        table = data / self.table
        root = table.parent
        return DataQuery(data=table, image_root=root, label=self.label, group="group_id", where=self.where)


SUBJECTS = {
    "dermoscopy": Subject(
        name="dermoscopy",
        table="derm/labels.csv",
        label="class_clean",
        where={"set": ("isic9_180",), "exact_dup": ("0",)},
        architecture="mobilenet_v2",
        input_size=224,
        modality=Modality.DERMOSCOPY,
        frames=1,
    ),
    "ultrasound": Subject(
        name="ultrasound",
        table="lus/labels.csv",
        label="class",
        where={"class": ("regular", "pneumonia", "covid")},
        architecture="mobilenet_v2_textures",
        input_size=160,
        modality=Modality.ULTRASOUND,
        frames=8,
    ),
}

REAL_KINDS = {
    "X-rays": ("cxr", {}),
    "ultrasound": ("lus", {}),
    "lesions": ("derm", {"set": "isic9_180", "exact_dup": "0"}),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """n pictures of one sort.

    Attributes:
        features, middle, looks: float32 (n, …).
        labels: int (n,), true class of the picture, or of that it was drawn from.
        groups: str (n,), whose that picture is.
        kinds: str (n,), the kind of garbage within its family; `""` for others.
    """

    features: NDArray[np.float32]
    middle: NDArray[np.float32]
    looks: NDArray[np.float32]
    labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    kinds: NDArray[np.str_]

    def __len__(self) -> int:
        """Number of pictures n."""
        return len(self.labels)

    def at(self, rows: NDArray[np.bool_]) -> "Seen":
        """Those of them, bool (n,)."""
        return Seen(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture, with the proper one it stands for and its kind."""

    drawn: Drawn
    item: Item
    kind: str = ""


def collect(subject: Subject, data: Path, weights: Path, work: Path) -> None:
    """Let the network see everything of a subject, and keep it in `work`; what is there is not seen again."""
    table = read_dataset(subject.query(data))
    engine = _engine(subject, table.classes, weights, work)
    manifest = engine.bundle.manifest
    items = [item for item, _ in Reader(subject.frames, print).read(table.samples)]
    shuffled = [items[i] for i in np.random.default_rng(SEED).permutation(len(items))]
    sorts: dict[str, Callable[[], Iterator[Shown]]] = {
        "proper": lambda: (Shown(Drawn(_square(item, manifest), manifest), item) for item in items)
    }
    for family in families_for(manifest):
        sorts[family.name] = partial(_pieces, family, shuffled, manifest)
    for kind, (folder, wanted) in REAL_KINDS.items():
        if not subject.table.startswith(folder):
            sorts[f"real {kind}"] = partial(_real, data, folder, wanted, shuffled, manifest)
    for name, shown in sorts.items():
        path = work / subject.name / f"{name}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _keep(path, shown(), engine)


def recall(subject: Subject, work: Path) -> dict[str, Seen]:
    """Everything that was kept, by name."""
    found = {}
    for path in sorted((work / subject.name).glob("*.npz")):
        with np.load(path, allow_pickle=False) as arrays:
            found[path.stem] = Seen(*(arrays[item.name] for item in fields(Seen)))
    return found


def _keep(path: Path, shown: Iterator[Shown], engine: Engine) -> None:
    """Let the network see pictures one by one, and write what it made of them."""
    seen, rows = [], []
    for one in shown:
        seen.append(engine.preparing(one.drawn.manifest).evidence([Picture(rgb=one.drawn.square)], NEEDS))
        rows.append(one)
    partly = path.with_name(f"{path.name}.part")
    with partly.open("wb") as file:
        np.savez(
            file,
            features=np.concatenate([one.features for one in seen if one.features is not None]),
            middle=np.concatenate([one.middle for one in seen if one.middle is not None]),
            looks=np.concatenate([one.look for one in seen if one.look is not None]),
            labels=np.array([one.item.sample.label for one in rows], np.intp),
            groups=np.array([one.item.sample.group for one in rows], np.str_),
            kinds=np.array([one.kind for one in rows], np.str_),
        )
    partly.replace(path)
    print(f"{path}: {len(seen)} pictures", flush=True)


def _pieces(family: Family, items: Sequence[Item], manifest: Manifest) -> Iterator[Shown]:
    kinds = cycle(family.kinds.items())
    for number, (item, (name, kind)) in enumerate(zip(islice(cycle(items), PIECES), kinds, strict=False)):
        yield Shown(kind(np.random.default_rng((SEED, number)), _square(item, manifest), manifest), item, name)


def _real(
    data: Path, folder: str, wanted: dict[str, str], items: Sequence[Item], manifest: Manifest
) -> Iterator[Shown]:
    """Real pictures, each tried as if it had been drawn from a proper one, which says in which fold."""
    rows = [
        row for row in rows_of(f"{folder}/labels.csv") if all(row[name] == value for name, value in wanted.items())
    ]
    pictures = read([data / folder / row["file"] for row in thinned(rows, REAL)])
    for picture, item in zip(pictures, cycle(items), strict=False):
        yield Shown(Drawn(np.array(resize(picture, manifest)), manifest), item)


def _square(item: Item, manifest: Manifest) -> NDArray[np.uint8]:
    return np.array(resize(read_item(item), manifest))


def _engine(subject: Subject, classes: tuple[str, ...], weights: Path, work: Path) -> Engine:
    """The network as ImageNet left it; what its head says is not looked at."""
    architectures = Architectures()
    network = architectures.get(subject.architecture).build(len(classes))
    architectures.get(subject.architecture).load_pretrained(network, weights)
    state = network.state_dict().items()
    tensors = {name: value.numpy() for name, value in state if not name.endswith("num_batches_tracked")}
    manifest = Manifest(
        name=subject.name,
        version="1",
        architecture=subject.architecture,
        classes=classes,
        modality=subject.modality,
        intended_use="A study.",
        licence="not shipped",
        input_size=subject.input_size,
    )
    folder = work / f"{subject.name}-bundle"
    bundle = read_bundle(folder) if folder.exists() else write_bundle(folder, manifest, tensors, card="A study.")
    return Engine(bundle, architectures, device="cpu", cache_bytes=0)
