"""What drawing a mask costs: by the network that answers, and by another model's beside it.

Of the shipped bundles on one picture: lesion-mask with its mask drawn and cleared, against the same pass without; and
dermoscopy-8 with masks by lesion-mask, against itself alone.
"""

import numpy as np
from measure import Figure, arguments, interleaved, median_ms, write

from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.masks import MaskModel, WithMasks
from viewer.engine.opening import open_engine
from viewer.engine.picture import Picture
from viewer.host.discovery import PluginHost
from viewer.resources import shipped_bundles
from viewer.settings import Settings

ANSWERS = frozenset({Need.LOGITS, Need.FEATURES, Need.LOOK, Need.ATTENTION, Need.EARLY})
SIZE = (574, 765, 3)
"""Of a picture of PH²."""

GOALS = {"own": 2.0, "beside": 1.5}


def main() -> None:
    """Measure both."""
    options = arguments(__doc__)
    repeats, warm_up = (2, 1) if options.quick else (100, 10)
    host = PluginHost(Settings())
    host.load()
    architectures = Architectures(offer.thing for offer in host.architectures)
    drawing, answering = (
        open_engine(read_bundle(shipped_bundles() / name), architectures, device="cpu")
        for name in ("lesion-mask", "dermoscopy-8")
    )
    beside = MaskModel(drawing.bundle, lambda bundle: open_engine(bundle, architectures, device="cpu"))
    together = WithMasks(answering, answering, beside, own=False)
    random = np.random.default_rng(0)

    def pictures() -> list[Picture]:
        """Never seen before, so that nothing is remembered."""
        return [Picture(random.integers(0, 256, SIZE, np.uint8))]

    works = {
        "plain": lambda: drawing.evidence(pictures(), ANSWERS),
        "own": lambda: drawing.evidence(pictures(), ANSWERS | {Need.MASK}),
        "alone": lambda: answering.evidence(pictures(), ANSWERS),
        "beside": lambda: together.evidence(pictures(), ANSWERS | {Need.MASK}),
    }
    interleaved(works, warm_up)
    ms = {name: median_ms(values) for name, values in interleaved(works, repeats).items()}
    told = {
        "own": ("a pass of lesion-mask that draws, against one that does not", "plain"),
        "beside": ("dermoscopy-8 with masks by lesion-mask, against dermoscopy-8 alone", "alone"),
    }
    write(
        [
            Figure(
                name=words,
                value=ms[name] / ms[against],
                goal=GOALS[name],
                unit="×",
                detail={"ms": ms[name], "without ms": ms[against], "repetitions": str(repeats)},
            )
            for name, (words, against) in told.items()
        ],
        options,
    )


if __name__ == "__main__":
    main()
