import json

import numpy as np
import pytest

from viewer.domain.image import Region
from viewer.io.dicom_writer import write_clip
from viewer.io.info import records

FIELDS = [
    "file",
    "kind",
    "frames",
    "rows",
    "columns",
    "photometric",
    "transfer_syntax",
    "frame_time_ms",
    "spacing_mm",
    "regions",
]


def test_that_an_image_record_has_every_field(tmp_path, ramp):
    region = Region(
        left=0,
        top=0,
        right=15,
        bottom=7,
        spatial_format="2D",
        data_type="tissue",
        units=("cm", "cm"),
        delta=(0.1, 0.2),
    )
    write_clip(tmp_path / "a.dcm", [ramp] * 3, frame_time_ms=33.5, spacing_mm=(0.5, 0.25), regions=[region])

    (record,) = records([tmp_path])

    assert list(record) == FIELDS
    assert record == {
        "file": str(tmp_path / "a.dcm"),
        "kind": "dicom",
        "frames": 3,
        "rows": 8,
        "columns": 16,
        "photometric": "MONOCHROME2",
        "transfer_syntax": "1.2.840.10008.1.2.1",
        "frame_time_ms": 33.5,
        "spacing_mm": [0.5, 0.25],
        "regions": [
            {
                "left": 0,
                "top": 0,
                "right": 15,
                "bottom": 7,
                "spatial_format": "2D",
                "data_type": "tissue",
                "units": ["cm", "cm"],
                "delta": [0.1, 0.2],
            }
        ],
    }
    assert json.loads(json.dumps(record)) == record


def test_that_an_image_without_timing_or_calibration_says_so(tmp_path, ramp):
    write_clip(tmp_path / "a.dcm", [ramp])

    (record,) = records([tmp_path])

    assert (record["frame_time_ms"], record["spacing_mm"], record["regions"]) == (None, None, [])


@pytest.mark.parametrize(
    ("name", "data", "rest"), [("a.csv", b"x,y\n", {"kind": "table"}), ("a.jpg", b"\xff\xd8\xff", None)]
)
def test_that_other_files_give_a_kind_or_an_error(tmp_path, name, data, rest):
    (tmp_path / name).write_bytes(data)

    (record,) = records([tmp_path])

    assert record.pop("file") == str(tmp_path / name)
    assert record == rest or (list(record) == ["error"] and record["error"])


def test_that_a_file_whose_first_frame_does_not_decode_is_an_error(tmp_path):
    write_clip(tmp_path / "a.dcm", [np.zeros((16, 16), np.uint8)], transfer_syntax="1.2.840.10008.1.2.5")
    data = bytearray((tmp_path / "a.dcm").read_bytes())
    at = data.rindex(b"\xfe\xff\x00\xe0") + 8
    data[at] = 77  # the number of RLE segments
    (tmp_path / "a.dcm").write_bytes(data)

    (record,) = records([tmp_path])

    assert record["error"] == "the RLE data cannot be decoded (its RLE header is damaged)"
