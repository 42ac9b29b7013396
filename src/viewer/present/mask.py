"""The mask of a frame in words: how large it is, who drew it, and what that rests on."""

from viewer.domain.mask import GIVEN, MaskFound
from viewer.present.measured import value_words
from viewer.present.texts import marked, tr
from viewer.present.wording import class_word, percent

CUT = marked("it reaches the edge of what was seen and may be larger")

SHOWS = {"lungs": marked("lungs"), "lesion": marked("lesion"), "region": marked("region")}
"""What masks are of, as models say it, for a person; other words are shown as they are."""


def shown_word(shows: str) -> str:
    """What a mask is of, for a person."""
    return tr(SHOWS[shows]) if shows in SHOWS else class_word(shows)


def mask_notes(mask: MaskFound) -> tuple[str, ...]:
    """What its area rests on, why there are no mm², and whether it may be larger; to be translated where shown."""
    return tuple(filter(None, (mask.area.basis, mask.area.note, CUT if mask.cut else "")))


def mask_line(mask: MaskFound) -> str:
    """All of it in one line: `Lesion: 12.4 % of the picture, 45.2 mm² (PixelSpacing); drawn by lesion-mask`."""
    shows = shown_word(mask.shows)
    who = tr("given by you") if mask.drawn_by == GIVEN else tr("drawn by {model}").format(model=mask.drawn_by)
    words = tr("{what}: {share} of the picture, {area} ({notes}); {who}")
    return words.format(
        what=shows[:1].upper() + shows[1:],
        share=percent(mask.share),
        area=value_words(mask.area),
        notes="; ".join(map(tr, mask_notes(mask))),
        who=who,
    )
