"""Where shipped files lie: inside the wheel, or beside the source tree."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """Folder with icons, themes and shipped bundles."""
    packed = _PACKAGE / "_resources"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "resources"


def shipped_bundles() -> Path:
    """Folder of the bundles that come with the viewer."""
    return resources() / "bundles"


def user_data() -> Path:
    """The user's own folder for bundles, logs and what is remembered; it may not exist yet."""
    return Path(platformdirs.user_data_dir("viewer", appauthor=False))


def facts_file() -> Path:
    """What checks of labelled files know of them, kept between runs; it may not exist yet."""
    return Path(platformdirs.user_cache_dir("viewer", appauthor=False)) / "facts.sqlite"


def user_bundles() -> Path:
    """Folder where the user keeps bundles; it may not exist yet."""
    return user_data() / "bundles"


def memory_file() -> Path:
    """What the window remembers until the next start; it may not exist yet."""
    return user_data() / "memory.json"


def site_record() -> Path:
    """What models answered to the cases seen here, without names; it may not exist yet."""
    return user_data() / "site.db"


def fault_reports() -> Path:
    """Folder of reports of the program's own faults; it may not exist yet."""
    return user_data() / "faults"


def user_references() -> Path:
    """Folder of the user's own pictures to compare with, by network; it may not exist yet."""
    return user_data() / "references"


def user_maps() -> Path:
    """Folder of maps of cohorts whose own folders may not be written to; it may not exist yet."""
    return Path(platformdirs.user_cache_dir("viewer", appauthor=False)) / "maps"


def settings_file() -> Path:
    """The user's settings; it may not exist yet."""
    return Path(platformdirs.user_config_dir("viewer", appauthor=False)) / "settings.toml"
