"""Adds the picture on screen to the user's own references; confirmed once it is on disk."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.domain.basis import Basis
from viewer.domain.errors import ViewerError
from viewer.present.wording import class_word
from viewer.session.own_references import OwnPicture
from viewer.ui.dialogs.own_references import OwnReferencesDialog
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.session import Session
    from viewer.store.references import AddedFolder
    from viewer.ui.main_window import MainWindow

    Listed = tuple[str, tuple[AddedFolder, ...]]
    """What is to be said, and everything that was added."""


class OwnPictures:
    """The window's side of the user's own references; every method is called on the GUI thread."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window = window
        self._session = session
        self._bundle: Bundle | None = None
        self.dialog = OwnReferencesDialog(window)
        self.dialog.add_asked.connect(self._add)
        self.dialog.remove_asked.connect(self._remove)
        action = window.action("own_references")
        action.setEnabled(False)  # until there is a model whose classes can be asked for
        action.triggered.connect(self.show)
        window.desk.bundle_used.connect(self._bundle_used)
        window.desk.clip_changed.connect(lambda clip: self._show_picture())
        window.desk.frame_changed.connect(lambda index, frame: self._name_picture())
        window.naming.changed.connect(self._names_changed)

    def show(self) -> None:
        """Ask about the picture on screen, and list what was added."""
        self._show_picture()
        self._look(lambda: "")
        self.dialog.show()
        self.dialog.raise_()

    def _bundle_used(self, bundle: "Bundle", basis: Basis, device: str) -> None:
        self._bundle = bundle
        self._window.action("own_references").setEnabled(True)
        self.dialog.use_model(bundle.manifest.name, bundle.manifest.classes)
        if self.dialog.isVisible():
            self._look(lambda: "")

    def _show_picture(self) -> None:
        clip = self._window.desk.clip
        if clip is not None:
            patient = "" if self._window.naming.de_identified else clip.patient_id
            self.dialog.show_picture("", patient)
            self._name_picture()

    def _name_picture(self) -> None:
        clip = self._window.desk.clip
        if clip is not None:
            name, number = self._window.naming.names(clip).file, self._window.desk.frame + 1
            words = name if clip.frames == 1 else tr("{name}, frame {n}").format(name=name, n=number)
            self.dialog.picture.setText(words)

    def _names_changed(self) -> None:
        self._show_picture()
        if self.dialog.isVisible():
            self._look(lambda: "")

    def _add(self, answer: str, patient: str) -> None:
        desk, session = self._window.desk, self._session
        clip = desk.clip
        if clip is None:
            return
        picture = OwnPicture(
            file=clip.path,
            frame=desk.frame,
            decode=desk.decoder(clip),
            answer=answer,
            patient=patient or clip.patient_id,
        )

        def work() -> str:
            count = session.own.add(session.assessor(), picture, date.today())
            words = tr("Kept on disk. Your pictures of {name}: {count}.")
            return words.format(count=count, name=class_word(answer))

        self._look(work)

    def _remove(self, data: Path) -> None:
        bundle, session = self._bundle, self._session
        if bundle is None:
            return

        def work() -> str:
            session.own.remove(bundle, data)
            return tr("Removed. The pictures themselves stay where they are.")

        self._look(work)

    def _look(self, work: Callable[[], str]) -> None:
        """Do something on the worker thread, and list what was added afterwards."""
        bundle, session = self._bundle, self._session
        if bundle is None:
            return

        def looked() -> "Listed":
            done = work()
            folders, faults = session.own.listed(bundle)
            return "  ".join([done, *faults]).strip(), folders

        def show(found: "Listed | ViewerError") -> None:
            if isinstance(found, ViewerError):
                self.dialog.say(self._window.naming.sentence(str(found)))
                return
            words, folders = found
            self.dialog.say(words)
            self.dialog.show_added(folders, hidden=self._window.naming.de_identified)
            if words:
                self._window.desk.explain_again()

        self._window.desk.look_up(looked, show)
