"""Windows that readers expect for a kind of picture, beside those the file offers."""

from viewer.domain.display import WindowPreset

CT_PRESETS = (
    WindowPreset("Soft tissue", 40, 400),
    WindowPreset("Lung", -600, 1500),
    WindowPreset("Bone", 480, 2500),
    WindowPreset("Brain", 40, 80),
    WindowPreset("Mediastinum", 50, 350),
)
"""Usual CT windows in Hounsfield units."""


def usual_presets(modality: str, rescale_type: str, rescaled: bool) -> tuple[WindowPreset, ...]:
    """Presets that make sense for the values of a file.

    Args:
        modality: DICOM Modality.
        rescale_type: DICOM Rescale Type; absent in most CT files, where it means HU.
        rescaled: Whether the file rescales its values at all.
    """
    return CT_PRESETS if modality == "CT" and rescaled and rescale_type in ("HU", "") else ()
