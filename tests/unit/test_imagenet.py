"""Where trainings start: what is read, what is refused, and that nobody waits for torch before."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn
from torchvision import models

from viewer.domain.errors import ViewerError
from viewer.imagenet import ImageNetStart


def start(file: Path | None, backbone: str = "squeezenet1_0") -> ImageNetStart:
    return ImageNetStart(backbone=backbone, weights="IMAGENET1K_V1", file=file)


def saved(network: nn.Module, path: Path) -> Path:
    torch.save(network.state_dict(), path)
    return path


def trunk_of(network: nn.Module) -> nn.Module:
    """Its convolutions, cut as torchvision cuts them."""
    parts = dict(network.named_children())
    if "features" in parts:
        return network.get_submodule("features")
    trunk = nn.Sequential()
    for name, part in parts.items():
        if name not in ("avgpool", "fc"):
            trunk.add_module(name, part)
    return trunk


class Mine:
    """An object a pickle would have to import code for."""


def test_that_the_plugins_door_opens_without_torch() -> None:
    code = "import sys, viewer.api; sys.exit(any(name in sys.modules for name in ('torch', 'torchvision')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["mobilenet_v2", "resnet18"])
def test_that_a_trunk_gets_every_tensor_of_torchvisions_network_but_the_heads(name: str, tmp_path: Path) -> None:
    original = models.get_model(name, weights=None)
    trunk = trunk_of(models.get_model(name, weights=None))
    start(saved(original, tmp_path / "start.pth"), name).load_into(trunk)
    theirs = trunk_of(original).state_dict()
    assert trunk.state_dict().keys() == theirs.keys()
    assert all(torch.equal(tensor, theirs[key]) for key, tensor in trunk.state_dict().items())


def test_that_tensors_keep_torchvisions_names_from_either_kind_of_file(tmp_path: Path) -> None:
    tensors = {"features.0.weight": torch.ones(2), "classifier.1.bias": torch.zeros(3)}
    torch.save(tensors, tmp_path / "start.pth")
    safetensors.torch.save_file(tensors, tmp_path / "start.safetensors")
    for name in ("start.pth", "start.safetensors"):
        read = start(tmp_path / name).tensors()
        assert {key: tensor.tolist() for key, tensor in read.items()} == {
            key: tensor.tolist() for key, tensor in tensors.items()
        }


def test_that_a_start_says_where_it_comes_from() -> None:
    assert start(Path("folder") / "mine.pth").source == "mine.pth"
    assert start(None).source == "torchvision IMAGENET1K_V1"


def test_that_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    other = saved(nn.Linear(2, 2), tmp_path / "other.pth")
    with pytest.raises(ViewerError, match=r"other\.pth: these are no ImageNet weights of squeezenet1_0"):
        start(other).load_into(trunk_of(models.squeezenet1_0(weights=None)))


def test_that_a_file_that_is_no_table_of_weights_is_refused_without_running_it(tmp_path: Path) -> None:
    torch.save({"a": Mine()}, tmp_path / "object.pth")
    torch.save([torch.zeros(2)], tmp_path / "list.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Mine(), 2))
    (tmp_path / "noise.pth").write_bytes(b"noise" * 100)
    (tmp_path / "empty.pth").write_bytes(b"")
    (tmp_path / "noise.safetensors").write_bytes(b"noise" * 100)
    for file in sorted(tmp_path.iterdir()):
        with pytest.raises(ViewerError, match=f"{file.name}: it holds no plain table of weights"):
            start(file).tensors()
    with pytest.raises(ViewerError, match=r"absent\.pth: there is no such file"):
        start(tmp_path / "absent.pth").tensors()


def test_that_a_download_that_fails_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    told = r"the ImageNet weights of squeezenet1_0 could not be downloaded \(no route to host\)"
    with pytest.raises(ViewerError, match=told):
        start(None).tensors()
