from pathlib import Path

import pytest

from viewer.io.formats import sniff


@pytest.mark.parametrize(
    ("head", "name", "wanted"),
    [
        (b"", "a.dcm", "empty"),
        (b"\0" * 128 + b"DICM", "a.jpg", "dicom"),
        (b"II*\0" + b"\0" * 124 + b"DICM", "a.tif", "dicom"),
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", "a", "dicom"),
        (b"\x08\x00\x05\x00\x0a\x00\x00\x00ISO_IR 100", "a", "dicom"),
        (b"\x00\x08\x00\x05CS\x00\x0aISO_IR 100", "a", "dicom"),
        (b"\xff\xd8\xff\xe0", "a.png", "raster"),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", "raster"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a", "raster"),
        (b"RIFF\x10\0\0\0AVI LIST", "a", "video"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "a", "unknown"),
        (b"\0\0\0\x18ftypisom\0\0", "a", "video"),
        (b"\0\0\0\x18ftypavif\0\0", "a", "raster"),
        (b"\x1a\x45\xdf\xa3\x01\0", "a", "video"),
        (b"PK\x03\x04\x14\0\0\0", "a", "archive"),
        (b"%PDF-1.7", "a", "document"),
        (b"file,class\n1,2\n", "labels.csv", "table"),
        (b"file,class\n1,2\n", "labels", "text"),
        ("Zürich".encode()[:2], "a.txt", "text"),
        (b"BM is how this text begins\n", "a.txt", "text"),
        (b"\x1f\x8b\x08\0", "a.gz", "packed"),
        (b"\0\x01\x02\x03" * 10, "a.bin", "unknown"),
        (b"\0\0\0\x01Bud1", ".DS_Store", "system"),
        (b"\xff\xd8\xff\xe0", "._photo.jpg", "system"),
    ],
)
def test_that_content_tells_the_format(head, name, wanted):
    assert sniff(head, Path(name)) == wanted
