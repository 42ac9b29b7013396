"""One sitting: settings, plugins, the chosen bundle and its engine, used alike by the window and without it."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewer import resources
from viewer.domain.drift import Case
from viewer.domain.errors import BundleRefused, ViewerError
from viewer.domain.image import Clip, FrameSource, Modality
from viewer.engine.bundle import Bundle, choices_of, choose_bundle, find_bundles, first_choices, read_bundle
from viewer.engine.importing import unnoticed
from viewer.engine.second import SecondModel
from viewer.host.calls import guarded_readers
from viewer.host.discovery import PluginHost
from viewer.io.listing import list_files
from viewer.io.reader import Opened, open_source, walk
from viewer.present.drift import alarm_sentence
from viewer.session.assessor import Assessor, never
from viewer.session.beside import ModelChoice
from viewer.session.engines import build_engine
from viewer.session.folder import FolderCheck, Tell
from viewer.session.masks import MaskChoice, MasksFrom
from viewer.session.own_references import OwnReferences
from viewer.session.second import misfit_of
from viewer.session.site import Site
from viewer.settings import Settings
from viewer.store.site_record import SiteRecord

if TYPE_CHECKING:
    from viewer.engine.masks import MaskSource
    from viewer.engine.opening import AnyEngine

log = logging.getLogger(__name__)

UNSAID = "the files do not say what they show: say it (dermoscopy, ultrasound, xray, other) or name one of the models"


def unheard(done: int, total: int) -> None:
    """Nobody watches how far it is."""


class Session:
    """Everything a reading needs, built only when it is needed.

    Making one is cheap: neither torch nor a plugin is imported before the first assessment.

    Attributes:
        settings: The user's settings.
        host: The plugins.
        own: The user's own pictures to compare with.
        notify: Receives sentences worth saying aloud, on the worker thread, e.g. that the GPU ran out of memory.
    """

    def __init__(
        self,
        settings: Settings,
        host: PluginHost,
        *,
        notify: Callable[[str], None] = log.warning,
        bundle_folders: Iterable[Path] | None = None,
        explaining: bool = True,
        record: Callable[[], SiteRecord] | None = None,
        references: Path | None = None,
    ) -> None:
        """Prepare.

        Args:
            settings: The user's.
            host: The plugins; not loaded yet.
            notify: See the attribute.
            bundle_folders: Where bundles lie; by default the shipped and the user's.
            explaining: Whether frames will be explained.
            record: Opens the record of the cases seen here; None where nothing is kept and nothing compared.
            references: Where the user's own pictures to compare with are kept; by default the user's folder.
        """
        self.settings = settings
        self.host = host
        self.notify = notify
        self._folders = tuple(bundle_folders or (resources.shipped_bundles(), resources.user_bundles()))
        self._explaining = explaining
        self.own = OwnReferences(references or resources.user_references(), self._tell)
        self._open_record = record if settings.keep_site else None
        self._record: SiteRecord | None = None
        self._site: Site | None = None
        self._lock = threading.RLock()
        self._found: tuple[Bundle | BundleRefused, ...] | None = None
        self._bundle: Bundle | None = None
        self._assessor: Assessor | None = None
        named: Callable[[str], Bundle] = partial(self._pick, modality=Modality.UNKNOWN)
        self._second = ModelChoice(SecondModel, misfit_of, named, self._engine, self._tell)
        self._masks = MaskChoice(named, self._engine, self._tell)
        self._checks: dict[tuple[tuple[Path, ...], Modality], FolderCheck] = {}

    def walk(self, paths: Iterable[Path]) -> Iterator[Opened]:
        """Open every file that was given or lies in a given folder or archive; see `viewer.io.walk`.

        Readers of plugins take part once the plugins are loaded (`host.load()`), which the window does after its
        first image.
        """
        return walk(paths, readers=guarded_readers(self.host.guard, self.host.readers))

    def open_file(self, path: Path) -> FrameSource:
        """Open one file that holds one clip; see `viewer.io.open_source`.

        Raises:
            UnreadableFile: It cannot be read, with one sentence.
            NotAnImage: It is readable but holds no image.
        """
        return open_source(path, readers=guarded_readers(self.host.guard, self.host.readers))

    def bundles(self, *, again: bool = False) -> tuple[Bundle | BundleRefused, ...]:
        """All bundles in the shipped and the user's folder, refused ones with their sentence.

        Args:
            again: Look at the folders again rather than remember.
        """
        with self._lock:
            if self._found is None or again:
                self._found = find_bundles(self._folders)
            return self._found

    @property
    def bundle(self) -> Bundle | None:
        """The bundle in use."""
        return self._bundle

    def use_bundle(self, name: str | None, modality: Modality) -> Bundle:
        """Choose the bundle of this sitting; its engine is built at the first assessment.

        Args:
            name: Name of a bundle, or the path of one; None for the only one that fits the modality.
            modality: What the pictures show.

        Raises:
            ViewerError: With one sentence that lists the choices.
        """
        return self._use(self._pick(name, modality))

    def use_bundle_for(self, name: str | None, modalities: Iterable[Modality]) -> Bundle:
        """Choose the bundle for files of several modalities: the named one, else the only one that fits any of them.

        Raises:
            ViewerError: None fits, or several do: the sentence lists the choices.
        """
        if name is not None:
            return self.use_bundle(name, Modality.UNKNOWN)
        fitting: dict[str, Bundle] = {}
        refusals: list[ViewerError] = []
        shown = set(modalities)
        if not shown:
            raise ViewerError("there is no image to choose a model for")
        for modality in sorted(shown - {Modality.UNKNOWN}):
            try:
                bundle = self._pick(None, modality)
            except ViewerError as error:
                refusals.append(error)
            else:
                fitting.setdefault(bundle.digest, bundle)
        if not fitting:
            raise refusals[0] if refusals else ViewerError(f"{UNSAID}: {choices_of(self.bundles())}")
        chosen, *others = first_choices(list(fitting.values()))
        if others:
            raise ViewerError(f"several models fit these files, name one of them: {choices_of([chosen, *others])}")
        return self._use(chosen)

    def use_second(self, name: str | None) -> Bundle | None:
        """Compare with a second model from now on; its engine is built when it first sees a frame.

        Args:
            name: Name of a bundle, or the path of one; None for no second model.

        Raises:
            ViewerError: There is no such model, it is refused, or it is not made for the same kind of pictures as the
                one in use: then that one goes on alone.
        """
        with self._lock:
            return self._second.choose(name, self._bundle)

    def use_masks(self, wanted: MasksFrom) -> "MaskSource | None":
        """Have masks drawn by something else than the model in use from now on; see `MaskChoice.choose`.

        Raises:
            ViewerError: There is no such model or folder, or it is of no use beside the model in use: then that one
                draws its own masks, where it can.
        """
        with self._lock:
            return self._masks.choose(wanted, self._bundle)

    def assessor(self) -> Assessor:
        """The assessor of the bundle in use; the first call imports torch and the plugins, on the calling thread.

        Raises:
            ViewerError: No bundle is in use, or its network cannot be built.
        """
        with self._lock:
            if self._assessor is None:
                if self._bundle is None:
                    raise ViewerError("no model has been chosen")
                with unnoticed():
                    self.host.load()
                    self._assessor = Assessor(
                        self._engine(self._bundle),
                        self.host,
                        explaining=self._explaining,
                        references=partial(self.own.load, self._bundle),
                        try_steps=self.settings.try_steps,
                    )
            bundle = self._assessor.bundle
            others = self._second.beside(bundle), self._masks.beside(bundle)
            return self._assessor.beside(*others).at(self._drifted())

    @property
    def keeps_site(self) -> bool:
        """Whether the cases seen here are kept and compared."""
        return self._open_record is not None

    def site(self) -> Site | None:
        """The cases seen here with the bundle in use; None where none are kept, or no bundle is in use.

        Raises:
            ViewerError: The record cannot be opened.
        """
        with self._lock:
            if self._site is None and self._open_record is not None and self._bundle is not None:
                self._record = self._record or self._open_record()
                self._site = Site(self._bundle, self._record)
            return self._site

    def count(self, clip: Clip, case: Case | None) -> None:
        """Record a case of the bundle in use, once; what cannot be recorded is told, and stops nothing.

        Args:
            clip: What was judged.
            case: What it comes to; None where it does not count, see `Assessor.case`.
        """
        if case is None or self._open_record is None:
            return
        try:
            site = self.site()
            if site is not None:
                site.add(clip, case)
        except ViewerError as error:
            self._give_up_record(error)

    def folder_fault(
        self, paths: Iterable[Path], said: Modality, cancelled: Callable[[], bool] = never, tell: Tell = unheard
    ) -> str:
        """Why the files that were opened do not fit the model in use as a whole; `""` where they do.

        A few of them are looked at, once for the model in use; see `FolderCheck`. Called on the assessor's thread.

        Args:
            paths: What was opened: files, folders and archives.
            said: What pictures show whose files do not say it.
            cancelled: Asked before every file; what has been looked at is remembered.
            tell: Told before every file.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        key = (tuple(paths), said)
        assessor = self.assessor()
        if key not in self._checks:
            self._checks[key] = FolderCheck(assessor, list_files(key[0]), self.open_file, said)
        return self._checks[key].fault(cancelled, tell)

    def close(self) -> None:
        """Let go of the engine and the plugins."""
        with self._lock:
            self._assessor = self._site = None
            self._second.forget()
            self._masks.forget()
            if self._record is not None:
                self._record.close()
                self._record = None
        self.host.close()

    def _drifted(self) -> str:
        """Why the cases seen here withdraw every claim, one sentence; `""` where they do not, or nothing is kept."""
        try:
            site = self.site()
            return "" if site is None else alarm_sentence(site.view())
        except ViewerError as error:
            self._give_up_record(error)
            return ""

    def _give_up_record(self, error: ViewerError) -> None:
        """Nothing is kept any more in this sitting."""
        with self._lock:
            told, self._open_record, self._site = self._open_record is None, None, None
        if not told:
            self.notify(f"the cases seen here are not kept: {error}")

    def _pick(self, name: str | None, modality: Modality) -> Bundle:
        if name is not None and Path(name).exists():
            return read_bundle(Path(name))
        return choose_bundle(self.bundles(), name=name, modality=modality)

    def _use(self, bundle: Bundle) -> Bundle:
        with self._lock:
            if self._bundle is None or self._bundle.digest != bundle.digest:
                self._bundle, self._assessor, self._site = bundle, None, None
                self._checks = {}
            return self._bundle

    def _engine(self, bundle: Bundle) -> "AnyEngine":
        return build_engine(
            bundle,
            self.host,
            self.settings,
            remembering=self._explaining,
            notify=self._tell,
        )

    def _tell(self, sentence: str) -> None:
        """Say something aloud to whoever listens by now."""
        self.notify(sentence)
