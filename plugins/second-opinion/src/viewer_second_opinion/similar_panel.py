"""The panel of similar frames: pictures with their true classes, and what they come to, in words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from viewer.api import Content, Evidence, Exhibit, Gallery, Need, ReferenceSet, State, Text
from viewer_second_opinion.references import (
    FEWEST_CLOSE,
    NEIGHBOURS,
    Neighbours,
    References,
    added_to,
    references_of,
)
from viewer_second_opinion.similar import features_of
from viewer_second_opinion.voting import mean_vote, mode_vote, weighted_vote

NOTHING = "This model remembers no frames to compare with; it was calibrated without this plugin."
ONLY_SHOWN = "Your own pictures are shown beside the model's. They change no vote, no trust and no light."
NO_PICTURE = (
    "Where there is no picture, the model may not show it; it appears once the same picture is among your own "
    "(viewer reference add)."
)
ANOTHER = " *"
ANOTHER_FRAME = f"{ANOTHER.strip()} The picture is another frame of the same clip."
SHORT = 6
"""Digits of a pseudonym that tell patients apart on one screen."""


class SimilarFramesPanel:
    """Shows the most similar frames of other patients, and how they vote."""

    name = "similar_frames"
    title = "Similar frames"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.FEATURES, Need.REFERENCES})
    reads = ("similar",)

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """The vote of the bundle's references, their pictures, and the user's own most similar ones."""
        references = references_of(state, "similar.")
        if references is None:
            return [Text(title=self.title, body=NOTHING)]
        features = features_of(evidence)
        classes = tuple(name.replace("_", " ") for name in evidence.classes)
        found = references.neighbours(features)
        own = evidence.references
        added = None if own is None else added_to(references, own)
        exhibits = tuple(
            _own(int(added.same[index]), caption, own)
            if own is not None and added is not None and added.same[index] >= 0
            else _of_bundle(index, caption, references)
            for index, caption in _captions(found, references, classes)
        )
        bare = any(exhibit.picture is None for exhibit in exhibits)
        another = any(exhibit.caption.endswith(ANOTHER) for exhibit in exhibits)
        contents: list[Content] = [
            Text(title="What similar frames say", body=_verdict(found, references, classes)),
            Gallery(
                title="Similar frames of other patients",
                items=exhibits,
                note=_joined(_left_out(found), ANOTHER_FRAME if another else "", NO_PICTURE if bare else ""),
            ),
        ]
        if own is not None and added is not None:
            found = added.references.neighbours(features)
            captions = _captions(found, added.references, classes)
            items = tuple(_own(index, caption, own) for index, caption in captions)
            note = _joined(_left_out(found), ONLY_SHOWN)
            contents.append(Gallery(title="Among your own pictures", items=items, note=note))
        return contents


def _captions(found: Neighbours, references: References, classes: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Index and caption of the neighbours of one frame, nearest first."""
    for index, similarity in zip(found.indices[0].tolist(), found.similarity[0].tolist(), strict=True):
        if index >= 0:
            near = f"{nearness(similarity, references.limit)} ({similarity:.2f})"
            yield index, f"{classes[references.labels[index]]}\n{near}\n{_patient(references.groups[index])}"


def _of_bundle(index: int, caption: str, references: References) -> Exhibit:
    """A reference of the bundle, with its picture where the bundle may show it."""
    picture, another = references.picture(index)
    return Exhibit(caption=f"{caption}{ANOTHER}" if another else caption, picture=picture)


def _own(index: int, caption: str, own: ReferenceSet) -> Exhibit:
    """One of the user's own pictures."""
    return Exhibit(
        caption=caption, picture=own.thumbnails[index], file=own.files[index], frame=int(own.frames[index])
    )


def nearness(similarity: float, limit: float) -> str:
    """A cosine in words, given the one from which on frames are close."""
    if similarity < limit:
        return "not close"
    return "very similar" if similarity >= (1 + limit) / 2 else "similar"


def is_scale(classes: Sequence[str]) -> bool:
    """Whether classes are steps of one scale: their names end in numbers that rise one by one."""
    numbers = [re.search(r"\d+$", name) for name in classes]
    steps = [int(number.group()) for number in numbers if number]
    return len(steps) == len(classes) and steps == list(range(steps[0], steps[0] + len(steps)))


def _verdict(found: Neighbours, references: References, classes: tuple[str, ...]) -> str:
    """The vote in words, or that there are too few for one."""
    labels, similarity = found.labels, found.similarity
    close = int((labels >= 0).sum())
    if not found.enough[0]:
        return (
            f"Too few close neighbours: {close} of the {NEIGHBOURS} most similar frames of other patients are close, "
            f"and {FEWEST_CLOSE} must be. They say nothing of this frame."
        )
    counts = Counter(classes[label] for label in labels[0].tolist() if label >= 0)
    told = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    votes = {"most frequent": mode_vote(labels), "weighted by similarity": weighted_vote(labels, similarity)}
    if is_scale(classes):
        votes["mean"] = mean_vote(labels)
    said = "; ".join(f"{how}: {classes[vote[0]]}" for how, vote in votes.items())
    patients = len(set(references.groups[found.indices[labels >= 0]].tolist()))
    return f"Of {close} close frames of {patients} other patients: {told}. {said[0].upper()}{said[1:]}."


def _left_out(found: Neighbours) -> str:
    if not found.known[0]:
        return ""
    return f"Frames of {_patient(found.own[0])} are left out: this frame appears to be theirs."


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _patient(pseudonym: np.uint64) -> str:
    return f"patient {int(pseudonym):016x}"[: len("patient ") + SHORT]
