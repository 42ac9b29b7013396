import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def viewer_data() -> Path:
    """The folder of real data; the test skips where it is absent, and CI fails if it skips while it exists."""
    folder = Path(os.environ.get("VIEWER_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set VIEWER_DATA)")
    return folder.resolve()
