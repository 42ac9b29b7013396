import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.io.dicom_writer import write_clip
from viewer.io.presets import CT_PRESETS
from viewer.io.reader import open_source


def item(**elements: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def lut(first: int, bits: int, entries: list[int]) -> Dataset:
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [len(entries), first, bits])
    table.add_new("LUTData", "US", entries)
    return table


@pytest.mark.parametrize(
    "syntax", [f"1.2.840.10008.1.2{end}" for end in ("", ".1", ".2", ".5", ".4.70", ".4.80", ".4.90", ".4.201")]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_that_grey_survives_every_lossless_syntax(tmp_path, ramp, syntax, dtype):
    frames = [ramp.astype(dtype), ramp[::-1].astype(dtype)]
    write_clip(tmp_path / "a.dcm", frames, transfer_syntax=syntax)

    frame = open_source(tmp_path / "a.dcm").decode(1)

    assert frame.values.dtype == dtype
    assert np.array_equal(frame.values, frames[1])


def test_that_bits_above_the_stored_ones_are_dropped(edited):
    path = edited([np.array([[0xF123, 0x0FFF]], np.uint16)], BitsStored=12, HighBit=11)

    assert open_source(path).decode(0).values.tolist() == [[0x123, 0xFFF]]


def test_that_the_sign_of_a_12_bit_value_is_extended(edited):
    path = edited([np.array([[0x0FFF, 0x0800, 0x07FF]], np.uint16)], BitsStored=12, HighBit=11, PixelRepresentation=1)

    values = open_source(path).decode(0).values

    assert values.dtype == np.int16
    assert values.tolist() == [[-1, -2048, 2047]]


def test_that_one_bit_frames_that_share_a_byte_are_told_apart(tmp_path):
    first, second = np.eye(3, dtype=np.uint8), 1 - np.eye(3, dtype=np.uint8)
    write_clip(tmp_path / "a.dcm", [first, second], modality="SEG")
    dataset = pydicom.dcmread(tmp_path / "a.dcm")
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 1, 1, 0
    packed = np.packbits(np.concatenate([first.ravel(), second.ravel()]), bitorder="little").tobytes()
    dataset.PixelData = packed + b"\0" * (len(packed) % 2)
    dataset.save_as(tmp_path / "a.dcm")

    source = open_source(tmp_path / "a.dcm")

    assert np.array_equal(source.decode(1).values, second)
    assert source.decode(0).rgb()[..., 0].tolist() == (first * 255).tolist()


def test_that_floating_point_pixels_span_their_own_range(tmp_path):
    write_clip(tmp_path / "a.dcm", [np.zeros((1, 3), np.uint16)], modality="OT")
    dataset = pydicom.dcmread(tmp_path / "a.dcm")
    del dataset.PixelData
    dataset.BitsAllocated = 32
    dataset.FloatPixelData = np.array([-1.5, 0.5, 2.5], "<f4").tobytes()
    dataset.save_as(tmp_path / "a.dcm")

    frame = open_source(tmp_path / "a.dcm").decode(0)

    assert frame.values.tolist() == [[-1.5, 0.5, 2.5]]
    assert frame.rgb()[0, :, 0].tolist() == [0, 128, 255]


def test_that_the_file_window_makes_the_default_display(edited):
    path = edited(
        [np.array([[0, 1000, 1050, 1100, 2000]], np.uint16)],
        WindowCenter=50.5,
        WindowWidth=101,
        RescaleIntercept=-1000,
        RescaleSlope=1,
    )

    # LINEAR: y = (x − (c − 0.5)) / (w − 1) + 0.5 = x / 100
    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [0, 0, 128, 255, 255]


def test_that_a_sigmoid_window_is_honoured(edited):
    path = edited([np.array([[0, 100, 200]], np.uint16)], WindowCenter=100, WindowWidth=100, VOILUTFunction="SIGMOID")

    # 255 / (1 + e^±4) = 250.4, 4.6
    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [5, 128, 250]


def test_that_monochrome1_is_shown_inverted(edited):
    path = edited([np.array([[0, 255]], np.uint8)], PhotometricInterpretation="MONOCHROME1")

    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [255, 0]


def test_that_padding_is_black_and_does_not_widen_the_window(edited):
    path = edited(
        [np.array([[1000, 1100, 1200, 60000, 60001]], np.uint16)],
        PixelPaddingValue=60000,
        PixelPaddingRangeLimit=60001,
    )

    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [0, 128, 255, 0, 0]


def test_that_without_a_window_a_clip_keeps_the_range_of_its_first_frame(edited):
    path = edited([np.array([[100, 200]], np.uint16), np.array([[150, 400]], np.uint16)])

    assert open_source(path).decode(1).rgb()[0, :, 0].tolist() == [128, 255]


def test_that_eight_bit_grey_without_a_window_is_shown_as_stored(edited):
    path = edited([np.array([[3, 77, 200]], np.uint8)])

    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [3, 77, 200]


def test_that_a_modality_lut_and_a_voi_lut_are_applied_in_turn(edited):
    path = edited(
        [np.array([[0, 1, 2, 3]], np.uint16)],
        ModalityLUTSequence=Sequence([lut(0, 16, [10, 11, 12, 13])]),
        VOILUTSequence=Sequence([lut(11, 8, [0, 51, 255])]),
    )

    # 10 lies before the VOI LUT and takes its first entry
    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [0, 0, 51, 255]


def test_that_every_frame_of_an_enhanced_clip_has_its_own_window(edited):
    groups = [
        item(
            FrameVOILUTSequence=Sequence([item(WindowCenter=center, WindowWidth=101)]),
            PixelValueTransformationSequence=Sequence([item(RescaleSlope=slope, RescaleIntercept=0)]),
        )
        for center, slope in ((50.5, 1), (100.5, 2))
    ]
    frames = [np.array([[50, 100]], np.uint16)] * 2
    source = open_source(edited(frames, PerFrameFunctionalGroupsSequence=Sequence(groups)))

    assert source.decode(0).rgb()[0, :, 0].tolist() == [128, 255]
    assert source.decode(1).rgb()[0, :, 0].tolist() == [128, 255]
    assert source.decode(1).grey.rescaled(frames[1]).tolist() == [[100, 200]]


def test_that_all_windows_of_a_file_become_presets(edited):
    path = edited(WindowCenter=[40, 300], WindowWidth=[80, 1500], WindowCenterWidthExplanation=["Brain", "Bone"])

    presets = open_source(path).clip.presets

    assert [(preset.name, preset.center, preset.width) for preset in presets] == [
        ("Brain", 40, 80),
        ("Bone", 300, 1500),
    ]


def test_that_only_hounsfield_units_get_the_usual_ct_presets(edited):
    rescaled = {"RescaleSlope": 1, "RescaleIntercept": -1024}

    assert open_source(edited(Modality="CT", **rescaled)).clip.presets == CT_PRESETS
    assert open_source(edited(Modality="CT")).clip.presets == ()
    assert open_source(edited(Modality="MR", **rescaled)).clip.presets == ()


def test_that_a_window_without_width_is_ignored(edited):
    path = edited([np.array([[0, 128, 255]], np.uint8)], WindowCenter=100, WindowWidth=0)

    assert open_source(path).decode(0).rgb()[0, :, 0].tolist() == [0, 128, 255]
