import numpy as np
import pytest
from viewer_second_opinion.study.frames import read_frames

from viewer.api import ViewerError

EVEN = [0.25] * 4


def row(path="images/1_2_3_4_0.png", true=0, predicted=1, outputs=EVEN):
    return [path, true, predicted, *outputs]


def test_that_frames_know_their_patient_clip_and_place(write):
    frames = read_frames(
        write(
            [
                row("images/1017_1047_10_3_1.png"),
                row("images/1017_1047_10_0_0.png"),
                row("a\\b/1017_1047_11_0_0.jpeg"),
                row("1050_1060_10_250_3.png", true=2, outputs=[0.1, 0.2, 0.3, 0.4]),
            ]
        )
    )
    assert frames.patients.tolist() == ["1017", "1017", "1017", "1050"]
    assert frames.places.tolist() == [3, 0, 0, 250]
    assert [clip.tolist() for clip in frames.by_clip()] == [[1, 0], [2], [3]]
    assert frames.true.tolist() == [0, 0, 0, 2]
    assert frames.scores == 4
    np.testing.assert_allclose(frames.probabilities[3], [0.1, 0.2, 0.3, 0.4])
    assert frames.notes == ()


def test_that_outputs_that_were_rounded_sum_to_one_again(write):
    frames = read_frames(write([row(outputs=[0.333, 0.333, 0.333, 0.0])]))
    assert frames.probabilities.sum() == pytest.approx(1, abs=1e-12)


def test_that_frames_of_which_nothing_is_known_stand_alone_and_that_is_said_once(write):
    path = write(
        [row("images/1_2_3_4_0.png"), row("images/scan.png"), row("images/7_frame.png"), row("7_a_b_c_0.png")]
    )
    frames = read_frames(path)
    assert frames.patients.tolist() == ["1", "scan", "7", "7"]
    assert len(frames.by_clip()) == 4
    (note,) = frames.notes
    assert note.startswith(f"{path}: 3 of 4 paths are not patient_exam_spot_frame_label")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(), row()], "row 3: this path stands in row 2 already"),
        ([row(), row("images/1_2_3_4_1.png")], "row 3: this frame of this clip stands in row 2 already"),
        ([row(), row("1_2_3_5_0.png", true=4)], "row 3: '4' in 'true' is no score from 0 to 3"),
        ([row(predicted=1.5)], "row 2: '1.5' in 'predicted' is no score from 0 to 3"),
        ([row(true="two")], "row 2: 'two' in 'true' is no number"),
        ([row(true="")], "row 2: '' in 'true' is no number"),
        ([row(outputs=[0.5, 0.5, "nan", 0])], "row 2: 'nan' in 'sm2' is no number"),
        ([row(outputs=["inf", 0, 0, 0])], "row 2: 'inf' in 'sm0' is no number"),
        ([row(outputs=[1.2, -0.2, 0, 0])], "row 2: an output is not between 0 and 1"),
        ([row(outputs=[0.5, 0.2, 0.2, 0.2])], "row 2: the outputs sum to 1.1, not to 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_a_row_that_does_not_fit_is_named(write, rows, said):
    path = write(rows)
    with pytest.raises(ViewerError) as refused:
        read_frames(path)
    assert str(refused.value) == f"{path}: {said}"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["path", "true", "answer", "sm0", "sm1"], "there is no column 'predicted'; columns are path, true, answer"),
        (["file", "true", "predicted", "sm0", "sm1"], "there is no column 'path'"),
        (
            ["path", "true", "predicted", "sm0", "sm2"],
            "columns sm0, sm1 … of two scores or more are needed, not path",
        ),
        (["path", "true", "predicted", "sm0", "p1"], "columns sm0, sm1 … of two scores or more are needed, not path"),
    ],
)
def test_that_a_missing_column_is_named(write, header, said):
    path = write([["1_2_3_4_0.png", 0, 1, 0.5, 0.5]], header=header)
    with pytest.raises(ViewerError) as refused:
        read_frames(path)
    assert str(refused.value).startswith(f"{path}: {said}")
