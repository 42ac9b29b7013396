import os

import pytest

from viewer.present.telling import telling


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], ()),
        ([["/a/b/c.dcm"]], ("c.dcm",)),
        ([["/a/x/c.dcm"], ["/a/y/c.dcm"], ["/a/y/d.dcm"]], ("x/c.dcm", "y/c.dcm", "d.dcm")),
        ([["/p/x/c"], ["/q/x/c"]], ("p/x/c", "q/x/c")),
        ([["/x/c"], ["/q/x/c"]], ("/x/c", "q/x/c")),
        ([["/a/b", "/a/c", "/a/d"]], ("b  + 2 more",)),
        ([["/"]], ("/",)),
    ],
)
def test_that_entries_are_called_as_short_as_tells_them_apart(entries, words):
    assert telling(entries) == tuple(word.replace("/", os.sep) for word in words)
