"""Words that rooms below this one make and windows show: marked here, since those rooms know of no language."""

from viewer.present.texts import marked, tr

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

SETTINGS = (marked("Look"), marked("Reading"), marked("Models and memory"), marked("Plugins"))
"""Groups of settings."""

CHOICES = {
    "dark": marked("Dark"),
    "light": marked("Light"),
    "high-contrast": marked("High contrast"),
    "auto": marked("Automatic"),
    "cpu": marked("Processor (CPU)"),
    "cuda": marked("Graphics card (GPU)"),
    "": marked("Not said"),
    "dermoscopy": marked("Dermoscopy"),
    "ultrasound": marked("Ultrasound"),
    "xray": marked("X-ray"),
    "other": marked("Other"),
    "ask": marked("Ask"),
    "always": marked("Always"),
    "never": marked("Never"),
}
"""Values of settings as a person reads them."""


def choice_words(value: str) -> str:
    """A value of a setting in words; one that is not listed here as it is written."""
    return tr(CHOICES[value]) if value in CHOICES else value.replace("_", " ").replace("-", " ").capitalize()
