"""What checks found as one self-contained HTML page, with pictures of files that belong side by side."""

import base64
import io
from pathlib import Path

from PIL import Image

from viewer.datasets.checks.finding import Checked, Finding, Pair, Severity
from viewer.datasets.checks.wording import TITLES, verdict
from viewer.domain.errors import ViewerError
from viewer.io.reader import open_source
from viewer.present.templates import rendered
from viewer.present.wording import RESEARCH_USE

MOST_PAIRS = 60
"""Pairs of a finding that are shown with pictures."""

MOST_FILES = 500
"""Files of a finding that are named."""

_SIDE = 160  # pixels of the longer side of a picture


def page(checked: Checked) -> str:
    """The page, HTML."""
    pictures = _Pictures()
    return rendered(
        "check_data.html",
        research_use=RESEARCH_USE,
        data=", ".join(checked.data),
        files=checked.files,
        groups=checked.groups,
        notes=checked.notes,
        verdict=verdict(checked),
        refused=checked.refused,
        findings=[_section(finding, pictures) for finding in checked.findings],
    ).decode("utf-8")


def _section(finding: Finding, pictures: "_Pictures") -> dict[str, object]:
    shown = finding.pairs[:MOST_PAIRS]
    return {
        "kind": finding.kind,
        "severity": finding.severity.value,
        "title": TITLES[finding.severity],
        "sentence": finding.sentence,
        "details": finding.details,
        "pairs": [_pair(pair, pictures) for pair in shown],
        "more_pairs": len(finding.pairs) - len(shown),
        "files": [str(path) for path in finding.files[:MOST_FILES]],
        "more_files": max(0, len(finding.files) - MOST_FILES),
        "open": finding.severity is Severity.REFUSE,
    }


def _pair(pair: Pair, pictures: "_Pictures") -> dict[str, object]:
    return {
        "words": pair.words,
        "sides": [{"name": str(path), "uri": pictures.uri(path)} for path in (pair.first, pair.second)],
    }


class _Pictures:
    """Thumbnails as data URIs, each file read once."""

    def __init__(self) -> None:
        self._made: dict[Path, str] = {}

    def uri(self, path: Path) -> str:
        """The middle frame of a file; `""` where it cannot be read."""
        if path not in self._made:
            self._made[path] = _thumbnail(path)
        return self._made[path]


def _thumbnail(path: Path) -> str:
    try:
        source = open_source(path)
        try:
            rgb = source.decode(source.clip.frames // 2).rgb()
        finally:
            source.close()
    except ViewerError:
        return ""
    picture = Image.fromarray(rgb)
    picture.thumbnail((_SIDE, _SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
