from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from viewer.datasets.clips import spread_frames
from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess
from viewer.training.augment import augmentation, augmented
from viewer.training.loading import LabelledPictures, PictureStore
from viewer.training.pictures import Reader, network_input, square


def picture(seed=0, rows=40, columns=60):
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), np.uint8)


@pytest.fixture
def manifest():
    return Manifest(
        name="tiny",
        version="1",
        architecture="squeezenet1_0",
        classes=("a", "b"),
        modality=Modality.DERMOSCOPY,
        intended_use="tests",
        licence="Apache-2.0",
        input_size=32,
    )


@pytest.fixture
def samples(tmp_path):
    for number in range(4):
        Image.fromarray(picture(number)).save(tmp_path / f"{number}.png")
    return [Sample(tmp_path / f"{number}.png", number % 2, str(number)) for number in range(4)]


def test_that_training_sees_exactly_what_the_engine_sees(manifest):
    shown = Picture(picture())
    assert np.array_equal(network_input(square(shown, manifest), manifest).numpy(), preprocess(shown, manifest))


def test_that_frames_are_spread_over_a_clip():
    assert spread_frames(1, 4) == [0]
    assert spread_frames(3, 4) == [0, 1, 2]
    assert spread_frames(60, 4) == [7, 22, 37, 52]


def test_that_unreadable_files_cost_a_sentence_each_and_the_rest_is_read(samples):
    said = []
    broken = [Sample(Path("nowhere.png"), 0, "x")]
    items = [item for item, _ in Reader(1, said.append).read([*broken, *samples * 3])]
    assert [item.sample for item in items] == samples * 3
    assert len(said) == 1
    assert said[0].startswith("left out: nowhere.png")


def test_that_the_reader_remembers_what_it_read_and_which_frames_are_of_clips(samples, tmp_path):
    frames = [Image.fromarray(picture(number)) for number in range(6)]
    frames[0].save(tmp_path / "clip.gif", save_all=True, append_images=frames[1:])
    clip = Sample(tmp_path / "clip.gif", 0, "c")
    reader = Reader(3, print)
    read = [item for item, _ in reader.read([samples[0], clip])]
    assert reader.items == read
    assert [(item.frame, item.of_clip) for item in read] == [(0, False), (1, True), (3, True), (5, True)]


def test_that_labelled_frames_of_one_file_are_read_together_and_files_are_numbered(samples, tmp_path):
    frames = [Image.fromarray(picture(number)) for number in range(6)]
    frames[0].save(tmp_path / "clip.gif", save_all=True, append_images=frames[1:])
    labelled = [Sample(tmp_path / "clip.gif", 0, "c", frame=frame) for frame in (4, 9, 1)]
    said = []
    reader = Reader(3, said.append)
    read = list(reader.places([*labelled, *samples * 4, labelled[0]], lambda place: place.picture))
    first, second = (place for _, place in read[:2])
    assert first.clip is second.clip
    assert [item.frame for item, _ in read[:2]] == [4, 1]
    assert len(said) == 1
    assert "a label for frame 9" in said[0]
    assert list(reader.files) == list(dict.fromkeys(item.sample.path for item, _ in read))
    assert list(reader.files.values()) == list(range(5))


def test_that_too_many_unreadable_files_end_the_training(samples):
    broken = [Sample(Path("nowhere.png"), 0, "x")]
    reader = Reader(1, lambda _: None)
    with pytest.raises(ViewerError, match="1 of 5 files cannot be read; are the image root"):
        list(reader.read([*samples, *broken]))


def test_that_augmentation_depends_on_its_seed_alone_and_leaves_the_generator_alone():
    levels = torch.from_numpy(picture(1, 32, 32)).permute(2, 0, 1)
    transform = augmentation(Modality.DERMOSCOPY, 32)
    torch.manual_seed(5)
    untouched = torch.rand(1)
    torch.manual_seed(5)
    first, second, other = (augmented(levels, transform, seed=seed)[0] for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), untouched)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_that_x_rays_are_never_flipped():
    names = [type(step).__name__ for step in augmentation(Modality.XRAY, 32).transforms]
    assert names == ["RandomAffine", "ColorJitter"]


def test_that_pictures_beyond_the_memory_limit_are_read_again_and_look_the_same(manifest, samples, monkeypatch):
    held, reread = PictureStore(manifest), PictureStore(manifest)
    held.add(Reader(1, print).read(samples))
    monkeypatch.setattr("viewer.training.loading.CACHE_BYTES", 2 * 3 * 32 * 32)
    reread.add(Reader(1, print).read(samples))
    for index in range(4):
        assert torch.equal(held[index], reread[index])
    assert held.class_counts() == (2, 2)


def test_that_labelled_pictures_are_normalised_and_carry_their_class(manifest, samples):
    store = PictureStore(manifest)
    store.add(Reader(1, print).read(samples))
    inputs, label, mask = LabelledPictures(store)[3]
    assert (inputs.shape, inputs.dtype, label, mask) == ((3, 32, 32), torch.float32, 1, None)


def test_that_a_labelled_frame_is_read_alone_and_must_be_there(samples, tmp_path):
    frames = [Image.fromarray(picture(number)) for number in range(3)]
    frames[0].save(tmp_path / "clip.gif", save_all=True, append_images=frames[1:])
    said = []
    labelled = [Sample(tmp_path / "clip.gif", 0, "c", frame=frame) for frame in (2, 7)]
    read = [item for item, _ in Reader(3, said.append).read([labelled[0], *samples * 3, labelled[1]])]
    assert [(item.frame, item.of_clip) for item in read if item.sample.group == "c"] == [(2, False)]
    assert said == [f"left out: {tmp_path / 'clip.gif'}: there is a label for frame 7, but it has 3 (counted from 0)"]
