import tracemalloc
import zlib

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate

from viewer.domain.errors import NotAnImage, UnreadableFile
from viewer.io.dicom import open_dicom
from viewer.io.dicom_file import DEFLATED
from viewer.io.dicom_fragments import find_frames
from viewer.io.dicom_writer import write_clip
from viewer.io.prefetch import FrameStore
from viewer.io.reader import open_source

JPEG = "1.2.840.10008.1.2.4.50"


def reason(path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        open_source(path).decode(0)
    return caught.value.reason


def test_that_native_frames_before_the_cut_stay_readable(tmp_path, ramp):
    path = tmp_path / "a.dcm"
    write_clip(path, [ramp] * 30, frame_time_ms=40)
    path.write_bytes(path.read_bytes()[: -27 * ramp.nbytes + 5])

    source = open_source(path)

    assert source.clip.frames == 30
    assert np.array_equal(source.decode(2).values, ramp)
    with pytest.raises(UnreadableFile) as caught:
        source.decode(3)
    assert caught.value.reason == "the pixel data ends after 3 of 30 frames"


def test_that_compressed_frames_before_the_cut_stay_readable(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb] * 5, transfer_syntax=JPEG)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.7)])

    source = open_source(path)
    source.decode(0)

    with pytest.raises(UnreadableFile, match=r"the pixel data ends after \d of 5 frames"):
        source.decode(4)


def test_that_a_single_truncated_frame_is_told_in_bytes(tmp_path, ramp):
    path = tmp_path / "a.dcm"
    write_clip(path, [ramp])
    path.write_bytes(path.read_bytes()[:-10])

    assert reason(path) == "the pixel data ends after 246 of 256 bytes"


def test_that_a_single_truncated_compressed_frame_is_refused(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEG)
    path.write_bytes(path.read_bytes()[:-60])

    assert reason(path) == "the pixel data is cut short"


def test_that_a_header_which_promises_the_world_is_not_believed(edited):
    assert reason(edited(NumberOfFrames=10**9)) == (
        "the header promises 1000000000 frames, but the pixel data holds 1"
    )
    assert "too large" in reason(edited(Rows=65535, Columns=65535, NumberOfFrames=10**9))
    assert "ends after 256 of" in reason(edited(Rows=8000, Columns=8000))


def test_that_a_codestream_of_another_size_is_refused_before_it_is_decoded(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEG)
    dataset = pydicom.dcmread(path)
    dataset.Rows = 10
    dataset.save_as(path)

    assert reason(path) == "the JPEG data cannot be decoded (it holds 40×24 pixels, the header says 40×10)"


@pytest.mark.parametrize("keyword", ["Rows", "BitsAllocated"])
def test_that_a_missing_element_is_told(edited, keyword):
    assert reason(edited(**{keyword: None})) in (
        "the header gives no image size",
        "a header without bits allocated is not supported",
    )


def test_that_a_missing_palette_is_told(edited):
    path = edited([np.zeros((2, 2), np.uint8)], PhotometricInterpretation="PALETTE COLOR")

    assert reason(path) == "the colour palette is missing or damaged"


def test_that_an_image_object_without_pixels_is_an_error_and_a_report_is_none(tmp_path, edited):
    path = edited()
    dataset = pydicom.dcmread(path)
    del dataset.PixelData
    dataset.save_as(path)
    assert reason(path) == "the file is an image object but holds no pixel data"

    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    dataset.save_as(path)
    with pytest.raises(NotAnImage) as caught:
        open_source(path)
    assert caught.value.kind == "report"


def test_that_a_file_without_meta_header_opens(tmp_path, ramp):
    path = tmp_path / "a.dcm"
    for syntax in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"):
        write_clip(path, [ramp], transfer_syntax=syntax)
        data = path.read_bytes()
        meta_length = int.from_bytes(data[140:144], "little")
        path.write_bytes(data[144 + meta_length :])

        source = open_source(path)

        assert np.array_equal(source.decode(0).values, ramp)
        assert source.clip.transfer_syntax == syntax


def test_that_a_missing_transfer_syntax_is_told_from_the_codestream(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEG)
    data = path.read_bytes()
    meta_length = int.from_bytes(data[140:144], "little")
    path.write_bytes(data[144 + meta_length :])

    source = open_source(path)

    assert source.clip.transfer_syntax == JPEG
    assert np.abs(source.decode(0).values.astype(int) - rgb).mean() < 3


def deflated(path, ramp):
    write_clip(path, [ramp])
    data = path.read_bytes()
    start = 144 + int.from_bytes(data[140:144], "little")
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = stream.compress(data[start:]) + stream.flush()
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    dataset.file_meta.TransferSyntaxUID = DEFLATED
    dataset.save_as(path)
    head = path.read_bytes()
    path.write_bytes(head[: 144 + int.from_bytes(head[140:144], "little")] + body)


def test_that_a_deflated_data_set_opens_and_its_copy_is_deleted(tmp_path, ramp):
    path = tmp_path / "a.dcm"
    deflated(path, ramp)

    source = open_dicom(path, path)

    assert np.array_equal(source.decode(0).values, ramp)
    assert source.clip.transfer_syntax == DEFLATED
    copy = source._inflated.path
    assert copy.exists()
    source.close()
    assert not copy.exists()


def test_that_compressed_data_without_items_is_still_read(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb], transfer_syntax=JPEG)
    dataset = pydicom.dcmread(path)
    frame = next(iter(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=1)))
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    dataset.PixelData = frame + b"\0" * (len(frame) % 2)
    dataset["PixelData"].is_undefined_length = False
    dataset.save_as(path)

    assert np.abs(open_source(path).decode(0).values.astype(int) - rgb).mean() < 3


@pytest.mark.parametrize("has_table", [True, False])
@pytest.mark.parametrize("per_frame", [1, 3])
def test_that_fragments_are_joined_to_frames_with_and_without_an_offset_table(tmp_path, rgb, has_table, per_frame):
    path = tmp_path / "a.dcm"
    frames = [rgb, 255 - rgb, rgb // 2]
    write_clip(path, frames, transfer_syntax=JPEG)
    dataset = pydicom.dcmread(path)
    encoded = list(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=3))
    dataset.PixelData = encapsulate(encoded, fragments_per_frame=per_frame, has_bot=has_table)
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path)

    source = open_source(path)

    for index, frame in enumerate(frames):
        assert np.abs(source.decode(index).values.astype(int) - frame).mean() < 4


def test_that_an_offset_table_that_points_nowhere_is_not_used(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb] * 2, transfer_syntax=JPEG)
    dataset = pydicom.dcmread(path)
    encoded = list(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=2))
    value = bytearray(encapsulate(encoded, fragments_per_frame=2, has_bot=True))
    value[8:16] = b"\x09\0\0\0\x33\0\0\0"
    dataset.PixelData = bytes(value)
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path)

    assert np.abs(open_source(path).decode(1).values.astype(int) - rgb).mean() < 3


def test_that_every_frame_is_found_at_its_first_byte(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb] * 20, transfer_syntax=JPEG)
    data = path.read_bytes()
    start = data.index(b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff") + 12

    frames = find_frames(path, start, 20)

    assert len(frames) == 20
    assert data[frames[7][0].offset :].startswith(b"\xff\xd8\xff")


def test_that_random_bytes_after_the_magic_give_one_sentence(tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(b"\0" * 128 + b"DICM" + np.random.default_rng(3).bytes(5000))

    with pytest.raises((UnreadableFile, NotAnImage)):
        open_source(path)


def test_that_compression_across_frames_is_named(tmp_path, rgb):
    path = tmp_path / "a.dcm"
    write_clip(path, [rgb] * 4, transfer_syntax=JPEG)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.102"
    dataset.save_as(path)

    assert reason(path) == "its compression, MPEG-4 video, is not supported"


def peak_of_stepping(path) -> int:
    tracemalloc.start()
    source = open_source(path)
    store = FrameStore(1 << 16)
    for index in range(source.clip.frames):
        store.get(source, index)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    store.close()
    return peak


def test_that_memory_does_not_grow_with_the_clip(tmp_path):
    picture = np.random.default_rng(0).integers(0, 255, (128, 128, 3), np.uint8)
    peaks = []
    for frames in (30, 30, 300):  # the first warms up what is loaded once
        write_clip(tmp_path / "a.dcm", [picture] * frames, transfer_syntax=JPEG)
        peaks.append(peak_of_stepping(tmp_path / "a.dcm"))

    assert peaks[2] - peaks[1] < 300_000  # one frame of offsets and times each, far from 270 × 49 kB of pixels


def test_that_noise_behind_the_dicom_mark_is_a_damaged_header(tmp_path):
    path = tmp_path / "noise.dcm"
    path.write_bytes(bytes(128) + b"DICM" + np.random.default_rng(3).bytes(3000))

    with pytest.raises(UnreadableFile, match="the DICOM header is damaged"):
        open_dicom(path, path)


def test_that_a_header_that_only_names_the_deflated_syntax_is_not_inflated(tmp_path, ramp):
    path = tmp_path / "names.dcm"
    write_clip(path, [ramp], modality="OT")
    dataset = pydicom.dcmread(path)
    dataset.ReferencedTransferSyntaxUIDInFile = "1.2.840.10008.1.2.1.99"
    dataset.save_as(path)

    np.testing.assert_array_equal(open_dicom(path, path).decode(0).values, ramp)
