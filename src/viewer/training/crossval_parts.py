"""Which groups each outer fold tests, and how the others are divided for learning."""

from viewer.datasets.folds import group_folds
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part, split_for_learning
from viewer.training.plan import Parts


def fold_parts(table: LabelTable, *, folds: int, fold: int, seed: int) -> Parts:
    """The parts of one fold: its groups are certified on (tested), the others train, stop and fit 68 : 12 : 20.

    Args:
        table: All samples.
        folds: Number of outer folds.
        fold: Which one, from 0.
        seed: Of the folds and the division of the others.

    Raises:
        ViewerError: There are fewer groups than folds.
    """
    number = group_folds(table.labels, table.groups, folds, seed)
    inner = [sample for sample in table.samples if number[sample.group] != fold]
    part_of = split_for_learning([s.label for s in inner], [s.group for s in inner], seed=seed * 1009 + fold)
    parts: dict[Part, list[Sample]] = {part: [] for part in Part}
    for sample in table.samples:
        parts[part_of.get(sample.group, Part.CERTIFY)].append(sample)
    return parts
