import zipfile

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from viewer.datasets.checks.copies import Copy, Likeness, copy_sets, find_copies
from viewer.datasets.checks.facts import look_at


def copies_of(*paths):
    return [(c.first.name, c.second.name, c.likeness) for c in find_copies({path: look_at(path) for path in paths})]


def test_that_copies_are_told_by_bytes_then_by_pixels(paint):
    first, again = paint("a.png", 1), paint("b.png", 1)
    recompressed = paint("c.bmp", 1)
    assert copies_of(first, again, recompressed, paint("d.png", 2)) == [
        ("a.png", "b.png", Likeness.BYTES),
        ("a.png", "c.bmp", Likeness.PIXELS),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.resize((60, 60)),
        lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
        lambda picture: ImageEnhance.Contrast(picture).enhance(0.7),
        lambda picture: picture.convert("L"),
        lambda picture: picture.resize((96, 80)),
    ],
    ids=["smaller", "darker", "flatter", "grey", "squashed"],
)
def test_that_a_picture_is_known_again_after_a_change(paint, change):
    assert copies_of(paint("a.png", 1), paint("b.jpg", 1, change=change, quality=60)) == [
        ("a.png", "b.jpg", Likeness.NEAR)
    ]


def test_that_different_pictures_are_no_copies(paint):
    assert copies_of(*(paint(f"{seed}.png", seed) for seed in range(60))) == []


def test_that_plain_pictures_are_not_taken_for_copies_of_each_other(tmp_path):
    paths = []
    for level in (0, 1, 128, 255):
        paths.append(tmp_path / f"{level}.png")
        Image.new("L", (64, 64), level).save(paths[-1])
    assert copies_of(*paths) == []


def under_a_vignette(path, seed):
    rows, columns = np.mgrid[-1:1:96j, -1:1:96j]
    spots = np.kron(np.random.default_rng(seed).integers(-15, 16, (32, 32)), np.ones((3, 3)))
    lesion = 60 * np.exp(-((rows - 0.2) ** 2 + 2 * columns**2) * 3) + 40 * columns + 20 * rows * columns
    levels = np.where(rows**2 + columns**2 < 1, 190 - lesion + spots, 0).clip(0, 255)
    Image.fromarray(levels.astype(np.uint8)).save(path)
    return path


def test_that_one_round_vignette_makes_no_copies(tmp_path):
    lesions = [under_a_vignette(tmp_path / f"{seed}.png", seed) for seed in range(6)]
    assert copies_of(*lesions) == []
    again = under_a_vignette(tmp_path / "again.bmp", 3)
    halved = tmp_path / "halved.jpg"
    Image.open(again).resize((64, 64)).save(halved, quality=70)
    assert copies_of(*lesions, halved) == [("3.png", "halved.jpg", Likeness.NEAR)]


def test_that_a_clip_is_known_again_by_its_frames(paint, tmp_path):
    def clip(name, seeds, **options):
        paths = [paint(f"{name}-{seed}.png", seed) for seed in seeds]
        frames = [Image.open(path).convert("L") for path in paths]
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **options)
        return tmp_path / name

    one, copy, other = clip("a.gif", range(7)), clip("b.webp", range(7), quality=80), clip("c.gif", range(20, 27))
    assert copies_of(one, copy, other) == [("a.gif", "b.webp", Likeness.NEAR)]


def test_that_three_same_files_are_joined_by_two_pairs(paint):
    same = [paint(f"{name}.png", 1) for name in "abc"]
    pairs = find_copies({path: look_at(path) for path in same})
    assert [(c.first, c.second) for c in pairs] == [(same[0], same[1]), (same[0], same[2])]
    assert copy_sets(pairs) == [same]


def test_that_sets_join_through_others(tmp_path):
    a, b, c, d = (tmp_path / name for name in "abcd")
    near = [Copy(a, b, Likeness.NEAR, 0.96), Copy(c, d, Likeness.NEAR, 0.97), Copy(b, c, Likeness.NEAR, 0.98)]
    assert copy_sets(near) == [[a, b, c, d]]


def test_that_unreadable_files_are_copies_by_their_bytes_alone(tmp_path):
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff cut short")
    assert copies_of(tmp_path / "a.jpg", tmp_path / "b.jpg") == [("a.jpg", "b.jpg", Likeness.BYTES)]


def test_that_the_small_picture_is_grey_and_32_pixels_wide(paint):
    facts = look_at(paint("a.png", 1, side=200))
    assert facts.small.shape == (1, 32, 32)
    assert facts.small.dtype == np.uint8


def test_that_a_picture_in_an_archive_is_known_again_by_its_pixels(paint, tmp_path):
    first = paint("a.png", 1)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.write(first, "inner/b.png")
    assert copies_of(first, tmp_path / "set.zip" / "inner" / "b.png") == [("a.png", "b.png", Likeness.PIXELS)]
