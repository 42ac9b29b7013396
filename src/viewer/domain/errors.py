"""One root for every error a person may read; each carries a sentence and keeps its cause."""

from pathlib import Path


class ViewerError(Exception):
    """Something a person must know, in one sentence without a traceback.

    Attributes:
        reason: What went wrong, in words for the reader.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadableFile(ViewerError):
    """A file, or one of its frames, cannot be read; everything else goes on."""

    def __init__(self, path: Path | str, *, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class NotAnImage(ViewerError):
    """A file is readable but holds no image (a DICOMDIR, a report, a table).

    Attributes:
        kind: What it is, one lower-case word: `dicomdir`, `report`, `table`, `document`, `waveform` …
    """

    def __init__(self, path: Path | str, *, kind: str) -> None:
        super().__init__(f"{path}: holds no image ({kind})")
        self.path = path
        self.kind = kind


class BundleRefused(ViewerError):
    """A model bundle is malformed, altered or unsafe and is not loaded."""

    def __init__(self, bundle: Path | str, *, reason: str) -> None:
        super().__init__(f"{bundle}: {reason}")
        self.bundle = bundle
        self.reason = reason


class JobCancelled(ViewerError):
    """Raised inside a job whose answer nobody waits for any more."""

    def __init__(self) -> None:
        super().__init__("cancelled")
