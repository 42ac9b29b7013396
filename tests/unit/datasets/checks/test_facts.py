from pathlib import Path

import numpy as np
from PIL import Image

from viewer.datasets.checks.facts import correlation, look_at


def test_that_a_still_tells_its_size_format_and_colour(tmp_path):
    path = tmp_path / "red.PNG"
    Image.new("RGB", (40, 20), (255, 0, 0)).save(path)
    facts = look_at(path)
    assert (facts.rows, facts.columns, facts.frames, facts.form) == (20, 40, 1, "raster .png")
    assert facts.size == path.stat().st_size
    assert (facts.saturation, round(facts.brightness, 3), round(facts.contrast, 3)) == (1.0, 0.333, 0.0)
    assert facts.neighbour is None
    assert facts.readable


def test_that_a_clip_tells_its_length_and_how_alike_its_neighbouring_frames_are(paint, tmp_path):
    still = Image.open(paint("a.png", 1)).convert("L")
    moved = Image.fromarray(np.roll(np.asarray(still), 1, axis=0))
    frames = [still, moved] * 3
    frames[0].save(tmp_path / "clip.gif", save_all=True, append_images=frames[1:], duration=40, loop=0)
    facts = look_at(tmp_path / "clip.gif")
    assert (facts.frames, facts.duration_s, len(facts.hashes)) == (6, 0.2, 5)
    assert 0.9 < facts.neighbour < 1


def test_that_missing_and_damaged_files_are_facts_with_a_sentence(tmp_path):
    gone = look_at(Path(tmp_path / "nowhere.png"))
    assert (gone.missing, gone.readable, gone.error) == (True, False, "there is no such file")
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    cut = look_at(tmp_path / "cut.png")
    assert (cut.missing, cut.readable) == (False, False)
    assert cut.error.startswith("the picture is damaged")
    (tmp_path / "text.txt").write_text("no picture")
    assert look_at(tmp_path / "text.txt").error == "holds no image (text)"


def test_that_a_plain_picture_correlates_with_nothing():
    picture = np.arange(16.0).reshape(4, 4)
    assert correlation(picture, picture * 3 + 1) > 0.999
    assert correlation(picture, -picture) < -0.999
    assert correlation(picture, np.ones((4, 4))) == 0
