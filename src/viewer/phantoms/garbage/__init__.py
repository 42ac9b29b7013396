"""Pictures that no model should answer to: other kinds, textures, noise, blank ones, screens, spoilt ones.

All are pure functions of a generator, and where they need one, of a proper picture; pictures are uint8
(side, side, 3), sRGB.
"""
