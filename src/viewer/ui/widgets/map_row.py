"""Maps side by side: small pictures that are walked and enlarged like those of a gallery, over their legends."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Exhibit, Gallery, Maps
from viewer.present.tiles import scales, tiles, where_words
from viewer.ui.widgets.gallery import GalleryView
from viewer.ui.widgets.legend import Legend

SIDE, BESIDE = 112, 3
"""Longer side of a map in pixels at 100 %; where there is no room for so many beside each other, it is smaller."""


def map_row(maps: Maps, picture: NDArray[np.uint8], view: FieldOfView) -> list[QWidget]:
    """The maps of one content, each with its title, and below them a legend for each scale they have.

    Args:
        maps: The row.
        picture: uint8 (rows, cols, 3), the picture they belong to.
        view: The part of it they cover.
    """
    exhibits = tuple(
        Exhibit(caption=item.title, picture=drawn, shows=where_words(item))
        for item, drawn in zip(maps.items, tiles(maps, picture, view), strict=True)
    )
    gallery = Gallery(title=maps.title, items=exhibits)
    legends = []
    for item in scales(maps):
        legend = Legend()
        legend.show_scale(item.limits, item.unit, item.colour_map)
        legends.append(legend)
    return [GalleryView(gallery, SIDE, min(BESIDE, len(exhibits))), *legends]
