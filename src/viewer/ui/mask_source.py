"""Says where masks come from: another model, the user's folder, else the model that answers; remembers it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from viewer.domain.basis import Basis
from viewer.domain.errors import BundleRefused
from viewer.domain.mask import GIVEN
from viewer.present.mask import shown_word
from viewer.session.masks import OWN, MasksFrom
from viewer.ui.beside import name_of, others_for
from viewer.ui.dialogs.model_choice import Choice, ModelChoiceDialog
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.engine.masks import MaskSource
    from viewer.ui.main_window import MainWindow


class MaskSources:
    """The window's side of masks from elsewhere; every method is called on the GUI thread."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._found: tuple[Bundle, ...] = ()
        self._first: Bundle | None = None
        self.dialog = ModelChoiceDialog(
            window,
            title=tr("Masks by another model"),
            role=tr("Model that draws masks"),
            about=tr(
                "Another model draws lesion or organ in the same pictures, in place of {name}. Its masks change no "
                "answer and no light. Every picture takes as long as both need."
            ),
            nothing=tr("No other model draws masks of such pictures."),
        )
        self.dialog.chosen.connect(lambda name: self.use(MasksFrom(model=name)))
        desk = window.desk
        desk.bundles_found.connect(self._bundles_found)
        desk.bundle_used.connect(self._bundle_used)
        desk.masks_used.connect(self._masks_used)
        window.action("masks_by_model").setEnabled(False)  # until there is a model to draw masks for
        window.action("masks_by_model").triggered.connect(self.ask)
        window.action("masks_given").triggered.connect(self.ask_for_folder)
        window.banner.masks.clicked.connect(self.ask)

    def ask(self) -> None:
        """Ask which model is to draw masks; the first choice is the way back to none."""
        first, wanted = self._first, self._window.desk.models.masks
        if first is None:
            return
        drawing = [one for one in others_for(first, self._found) if one.manifest.mask_shows]
        fitting = {name_of(one): _words(one) for one in drawing}
        if wanted.model:
            fitting.setdefault(wanted.model, wanted.model)
        own = first.manifest.mask_shows
        none = tr("None: {name} draws its own").format(name=first.manifest.name) if own else tr("None")
        choices = [Choice("", none), *(Choice(name, words) for name, words in sorted(fitting.items()))]
        self.dialog.ask(first.manifest.name, choices, wanted.model)

    def ask_for_folder(self) -> None:
        """Ask where the reader's own masks lie."""
        dialog = QFileDialog(self._window, tr("Folder of masks"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.use(MasksFrom(folder=Path(name))))
        dialog.open()

    def use(self, wanted: MasksFrom) -> None:
        """Have masks drawn by something else from now on; everything is assessed anew."""
        if wanted != self._window.desk.models.masks:
            self._window.desk.models.masks = wanted
            self._window.assess_again()

    def kept(self) -> dict[str, str]:
        """What is remembered with the sitting."""
        wanted = self._window.desk.models.masks
        return {"model": wanted.model, "folder": "" if wanted.folder is None else str(wanted.folder.absolute())}

    def restore(self, kept: object) -> None:
        """Draw masks as in the last sitting, unless something else has been named."""
        if not isinstance(kept, dict) or self._window.desk.models.masks != OWN:
            return
        model, folder = (kept.get(name) for name in ("model", "folder"))
        if isinstance(model, str) and model:
            self.use(MasksFrom(model=model))
        elif isinstance(folder, str) and folder:
            self.use(MasksFrom(folder=Path(folder)))

    def _bundles_found(self, found: "tuple[Bundle | BundleRefused, ...]") -> None:
        self._found = tuple(bundle for bundle in found if not isinstance(bundle, BundleRefused))

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self._first = bundle
        self._window.action("masks_by_model").setEnabled(True)

    def _masks_used(self, source: "MaskSource | None") -> None:
        if source is None:
            self._window.banner.show_masks("", "")
        elif source.drawn_by == GIVEN:
            self._window.banner.show_masks(tr("your masks"), source.origin)
        else:
            self._window.banner.show_masks(tr("masks by {name}").format(name=source.drawn_by), source.drawn_by)


def _words(bundle: "Bundle") -> str:
    """How a model is called, and what it draws."""
    manifest = bundle.manifest
    words = tr("{name} {version}: draws {shows}")
    return words.format(name=manifest.name, version=manifest.version, shows=shown_word(manifest.mask_shows))
