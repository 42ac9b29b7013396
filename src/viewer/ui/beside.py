"""Compares the model that answers with a second one: asks which, shows which in the banner, remembers it."""

from typing import TYPE_CHECKING

from viewer.domain.basis import Basis
from viewer.domain.errors import BundleRefused
from viewer.ui.dialogs.model_choice import Choice, ModelChoiceDialog
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from viewer.domain.bundle import Manifest
    from viewer.engine.bundle import Bundle
    from viewer.ui.main_window import MainWindow


class Beside:
    """The window's side of a second model; every method is called on the GUI thread."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._found: tuple[Bundle, ...] = ()
        self._first: Bundle | None = None
        self._second: Bundle | None = None
        self.dialog = ModelChoiceDialog(
            window,
            title=tr("Compare with a second model"),
            role=tr("Second model"),
            about=tr(
                "A second model looks at the same pictures. Its answers are shown beside those of {name}; they "
                "change no answer and no light. Every picture takes as long as both need."
            ),
            nothing=tr("No other model is made for such pictures."),
        )
        self.dialog.chosen.connect(self.choose)
        desk, action = window.desk, window.action("compare_models")
        desk.bundles_found.connect(self._bundles_found)
        desk.bundle_used.connect(self._bundle_used)
        desk.second_used.connect(self._second_used)
        action.setEnabled(False)  # until there is a model to compare with another
        action.triggered.connect(self.ask)
        window.banner.second.clicked.connect(self.ask)

    def ask(self) -> None:
        """Ask which model is to be compared with."""
        first = self._first
        if first is None:
            return
        fitting = {name_of(bundle): _words(bundle.manifest, first.manifest) for bundle in self._fitting(first)}
        if self._second is not None:
            fitting.setdefault(name_of(self._second), _words(self._second.manifest, first.manifest))
        choices = [Choice("", tr("None")), *(Choice(name, words) for name, words in sorted(fitting.items()))]
        self.dialog.ask(first.manifest.name, choices, "" if self._second is None else name_of(self._second))

    def choose(self, name: str) -> None:
        """Compare with a model from now on; `""` for none. Everything is assessed anew."""
        shown = "" if self._second is None else name_of(self._second)
        if name != shown or name != self.kept():
            self._window.start_anew()
            self._window.desk.use_second(name or None)

    def kept(self) -> str:
        """What is remembered with the sitting: the name of the second model, or `""`."""
        return self._window.desk.models.second or ""

    def restore(self, kept: object) -> None:
        """Compare with the model of the last sitting, unless another one has been named."""
        if isinstance(kept, str) and kept and self._window.desk.models.second is None:
            self.choose(kept)

    def _fitting(self, first: "Bundle") -> "list[Bundle]":
        return others_for(first, self._found)

    def _bundles_found(self, found: "tuple[Bundle | BundleRefused, ...]") -> None:
        self._found = tuple(bundle for bundle in found if not isinstance(bundle, BundleRefused))

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self._first = bundle
        self._window.action("compare_models").setEnabled(True)

    def _second_used(self, second: "Bundle | None") -> None:
        self._second = second
        self._window.banner.show_second("" if second is None else second.manifest.name)


def others_for(first: "Bundle", found: "Iterable[Bundle]") -> "list[Bundle]":
    """The other models for the same kind of pictures."""
    kind = first.manifest.modality
    return [one for one in found if one.manifest.modality is kind and one.digest != first.digest]


def name_of(bundle: "Bundle") -> str:
    """By which a model is asked for, its version included."""
    return f"{bundle.manifest.name}@{bundle.manifest.version}"


def _words(second: "Manifest", first: "Manifest") -> str:
    """How a model is called, and how many of the first one's answers it knows by name."""
    shared, every = len(set(second.classes) & set(first.classes)), len(first.classes)
    words = tr("{name} {version}: knows {shared} of the {every} answers of {first}")
    return words.format(name=second.name, version=second.version, shared=shared, every=every, first=first.name)
