"""Words that rooms below this one make and windows show: marked here, since those rooms know of no language."""

from viewer.present.texts import marked

STATES = (
    marked("listed"),
    marked("loaded"),
    marked("disabled"),
    marked("refused"),
    marked("failed"),
    marked("switched off"),
)
"""Of plugins."""

SCALES = (
    marked("not calibrated"),
    marked("at the detector"),
    marked("on the scanned film"),
    marked("PixelSpacing, magnification unknown"),
    marked("the ultrasound regions belong to a picture of another size"),
    marked("it leaves its ultrasound region"),
    marked("it lies outside the ultrasound regions"),
    marked("it lies in ultrasound regions that measure differently"),
    marked("the outline crosses itself"),
    marked("two points coincide"),
)
"""What millimetres rest on, or why there are none."""

PRESETS = (marked("Soft tissue"), marked("Lung"), marked("Bone"), marked("Brain"), marked("Mediastinum"))
"""Windows for computed tomography."""
