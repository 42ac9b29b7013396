"""One forward pass yields all evidence."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from viewer.domain.errors import BundleRefused, JobCancelled, ViewerError
from viewer.domain.evidence import FROM_AROUND, SLOW, Evidence, Need, class_attention, softmax
from viewer.domain.gate import look_of
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess
from viewer.engine.tensors import load_arrays, network_arrays

EVERYTHING = frozenset(Need) - SLOW
OF_OTHERS = FROM_AROUND | {Need.MEMBERS, Need.GARBAGE, Need.MASK, *SLOW}
"""What one network for K classes does not give."""
Make = Callable[..., Bundle]
Draw = Callable[..., Picture]


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def make_engine(make_bundle: Make, architectures: Architectures) -> Callable[..., Engine]:
    def make(architecture: str = "tiny", *, temperature: float = 1.0, **kwargs: Any) -> Engine:
        bundle = make_bundle(architecture=architecture, temperature=temperature)
        return Engine(bundle, architectures, device="cpu", threads=1, **kwargs)

    return make


@pytest.fixture(params=["tiny", "tiny_dense"])
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def plain_network(engine: Engine, architectures: Architectures) -> nn.Module:
    """The bundle's network without taps, fusing or freezing."""
    network = architectures.get(engine.bundle.manifest.architecture).build(3)
    load_arrays(network, engine.bundle.weights(), Path("bundle"))
    return network.eval()


def count_passes(engine: Engine) -> dict[str, int]:
    counts = dict.fromkeys(("trunk", "pool", "classifier"), 0)

    def count(name: str) -> Callable[..., None]:
        def hook(*_: Any) -> None:
            counts[name] += 1

        return hook

    for name in counts:
        engine.network.get_submodule(name).register_forward_hook(count(name))
    return counts


def assert_same(one: Evidence, other: Evidence, **tolerance: float) -> None:
    for need in Need:
        left, right = getattr(one, need), getattr(other, need)
        assert (left is None) == (right is None), need
        if left is not None:
            np.testing.assert_allclose(left, right, err_msg=need, **({"rtol": 0, "atol": 0} | tolerance))


def test_that_one_pass_serves_every_need(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    engine = make_engine(architecture, batch=3)
    counts = count_passes(engine)
    evidence = engine.evidence([picture(seed) for seed in range(3)], EVERYTHING)
    assert counts["trunk"] == 1
    assert counts["pool"] == 1
    assert evidence.members is None  # one network
    shapes = {need.value: getattr(evidence, need).shape for need in Need if need not in OF_OTHERS}
    width = 40 if architecture == "tiny_dense" else 10
    assert shapes == {
        "input": (3, 3, 32, 32),
        "logits": (3, 3),
        "features": (3, width),
        "activations": (3, 10, 4, 4),
        "gradients": (3, 10, 4, 4) if architecture == "tiny_dense" else (3, 10, 1, 1),
        "stem": (3, 6, 16, 16),
        "middle": (3, 16),
        "head_samples": (50, 3, 3),
        "look": (3, 6 + 12),
        "attention": (3, 4, 4),
        "early": (3, 28, 28),
    }
    for name in shapes:
        array = getattr(evidence, name)
        assert array.dtype == np.float32
        assert not array.flags.writeable


def test_that_a_look_is_the_mean_and_spread_of_input_and_stem(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    frames = [picture(seed) for seed in range(2)]
    whole = make_engine(architecture).evidence(frames, frozenset({Need.INPUT, Need.STEM}))
    alone = make_engine(architecture).evidence(frames, frozenset({Need.LOOK}))
    assert whole.look is None
    assert alone.stem is None
    assert whole.input is not None
    assert whole.stem is not None
    np.testing.assert_allclose(alone.look, look_of(whole.input, whole.stem), rtol=1e-4, atol=1e-5)


def test_that_frames_of_a_batch_take_one_pass_per_batch_and_one_each_on_a_cpu(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    frames = [picture(seed) for seed in range(5)]
    batched, single = make_engine(batch=2), make_engine()
    counts = count_passes(batched), count_passes(single)
    batched.evidence(frames, EVERYTHING)
    single.evidence(frames, EVERYTHING)
    assert [count["trunk"] for count in counts] == [3, 5]
    assert single.batch == 1


def test_that_evidence_is_what_the_plain_network_computes(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw, architectures: Architectures
) -> None:
    engine = make_engine(architecture)
    frame = picture()
    evidence = engine.evidence([frame], EVERYTHING)
    network: Any = plain_network(engine, architectures)
    inputs = torch.from_numpy(preprocess(frame, engine.bundle.manifest))[None]
    stem = network.trunk[0](inputs)
    middle = network.trunk[1](stem)
    activations = network.trunk(inputs).detach().requires_grad_()
    features = network.pool(activations)
    logits = network.classifier(features)
    (gradients,) = torch.autograd.grad(logits[0, int(logits.argmax())], activations)
    close = {"rtol": 1e-4, "atol": 1e-4}
    np.testing.assert_array_equal(evidence.input, inputs.numpy())
    np.testing.assert_allclose(evidence.stem, stem.detach(), **close)
    np.testing.assert_allclose(evidence.middle[0, :8], middle.detach().mean(dim=(2, 3))[0], **close)
    np.testing.assert_allclose(evidence.middle[0, 8:], middle.detach().numpy().std(axis=(2, 3))[0], **close)
    np.testing.assert_allclose(evidence.activations, activations.detach(), **close)
    np.testing.assert_allclose(evidence.features, features.detach(), **close)
    np.testing.assert_allclose(evidence.logits, logits.detach(), **close)
    np.testing.assert_allclose(np.broadcast_to(evidence.gradients, activations.shape), gradients, **close)


def test_that_the_class_activation_map_is_grad_cam_up_to_scale(
    make_engine: Callable[..., Engine], picture: Draw, architectures: Architectures
) -> None:
    engine = make_engine("tiny")
    evidence = engine.evidence([picture()], EVERYTHING, targets=[2])
    assert evidence.linear_head is not None
    cam = np.einsum("c,chw->hw", evidence.linear_head.weight[2], evidence.activations[0])
    network: Any = plain_network(engine, architectures)
    activations = torch.tensor(evidence.activations, requires_grad=True)
    (gradients,) = torch.autograd.grad(network.classifier(network.pool(activations))[0, 2], activations)
    grad_cam = (gradients.mean(dim=(2, 3), keepdim=True) * activations).sum(dim=1)[0].detach().numpy()
    np.testing.assert_allclose(grad_cam * cam.size, cam, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(evidence.attention[0], grad_cam, rtol=1e-4, atol=1e-5)


def test_that_attention_follows_its_class_to_the_last_digit(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    engine = make_engine(architecture)
    needs = frozenset({Need.ATTENTION})
    there = {target: engine.evidence([picture()], needs, targets=[target]).attention for target in (2, 0, 2)}
    for target, attention in there.items():
        whole = make_engine(architecture).evidence([picture()], EVERYTHING, targets=[target])
        np.testing.assert_array_equal(attention, whole.attention)
        np.testing.assert_array_equal(attention, class_attention(whole.activations, whole.gradients))
    assert not np.array_equal(there[0], there[2])


def test_that_an_early_map_is_the_mean_of_the_first_channels(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    evidence = make_engine().evidence([picture()], EVERYTHING)
    early = evidence.early[0]
    assert early.mean() == pytest.approx(evidence.stem[0].mean(), rel=0.02)
    assert np.corrcoef(early[::7, ::7].ravel(), evidence.stem[0].mean(axis=0)[::4, ::4].ravel())[0, 1] > 0.5


def test_that_an_output_beyond_the_classes_is_garbage_and_no_class(
    make_bundle: Make, architectures: Architectures, architecture: str, picture: Draw
) -> None:
    bundle = make_bundle(architecture=architecture, garbage=True)
    engine = Engine(bundle, architectures, device="cpu", threads=1)
    frames = [picture(seed) for seed in range(4)]
    evidence = engine.evidence(frames, EVERYTHING)
    network = architectures.get(architecture).build(4)
    load_arrays(network, bundle.weights(), Path("bundle"))
    inputs = torch.from_numpy(np.stack([preprocess(frame, bundle.manifest) for frame in frames]))
    with torch.inference_mode():
        outputs = network.eval()(inputs).numpy()
    np.testing.assert_allclose(evidence.logits, outputs[:, :3], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(evidence.garbage, outputs[:, 3], rtol=1e-4, atol=1e-4)
    assert evidence.head_samples.shape == (50, 4, 3)
    assert evidence.linear_head is None or evidence.linear_head.weight.shape[0] == 3
    assert (evidence.targets == outputs[:, :3].argmax(axis=1)).all()


def test_that_nothing_is_captured_that_was_not_asked_for(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    engine = make_engine(architecture, cache_bytes=0)
    for need in Need:
        evidence = engine.evidence([picture()], frozenset({need}))
        captured = {n for n in Need if getattr(evidence, n) is not None}
        assert captured == {need, Need.LOGITS} - (OF_OTHERS - SLOW)


def test_that_only_networks_with_a_linear_head_say_so(make_engine: Callable[..., Engine], picture: Draw) -> None:
    logits_only = frozenset({Need.LOGITS})
    assert make_engine("tiny").evidence([picture()], logits_only).linear_head is not None
    assert make_engine("tiny_dense").evidence([picture()], logits_only).linear_head is None


def test_that_the_bundles_temperature_softens_the_probabilities(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    evidence = make_engine(temperature=2.5).evidence([picture()], frozenset())
    assert evidence.temperature == 2.5
    np.testing.assert_allclose(evidence.probabilities, softmax(evidence.logits / 2.5))


def test_that_a_frames_numbers_do_not_depend_on_its_neighbours(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    frames = [picture(seed, rows=30 + seed) for seed in range(6)]
    together = make_engine(architecture).evidence(frames, EVERYTHING)
    alone = make_engine(architecture)
    for index in reversed(range(6)):
        assert_same(alone.evidence([frames[index]], EVERYTHING), together[index])


def test_that_batches_agree_with_single_frames(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    frames = [picture(seed) for seed in range(4)]
    batched = make_engine(architecture, batch=4).evidence(frames, EVERYTHING)
    assert_same(batched, make_engine(architecture).evidence(frames, EVERYTHING), rtol=1e-4, atol=1e-5)


def test_that_dropout_samples_spread_around_the_answer_and_repeat(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    evidence = make_engine(architecture, head_samples=600).evidence([picture()], EVERYTHING)
    samples = evidence.head_samples
    assert samples is not None
    assert samples.std(axis=0).min() > 0
    spread = samples.std(axis=0) / np.sqrt(600)
    if architecture == "tiny":  # a linear head is unbiased under dropout; deeper ones are not
        assert (np.abs(samples.mean(axis=0) - evidence.logits) < 5 * spread).all()
    assert_same(make_engine(architecture, head_samples=600).evidence([picture()], EVERYTHING), evidence)


def test_that_a_network_without_dropout_gives_no_samples_rather_than_sure_ones(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    assert make_engine("tiny_certain").evidence([picture()], EVERYTHING).head_samples is None


def test_that_gradients_of_any_class_follow_without_another_pass(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    engine = make_engine(architecture)
    counts = count_passes(engine)
    needs = frozenset({Need.GRADIENTS})
    first = engine.evidence([picture()], needs)
    others = [engine.evidence([picture()], needs, targets=[target]) for target in range(3)]
    again = engine.evidence([picture()], needs)
    assert counts["trunk"] == 1
    assert [int(one.targets[0]) for one in others] == [0, 1, 2]
    best = int(first.predicted[0])
    assert_same(others[best], first, rtol=1e-6)
    assert_same(again, first)
    for target in range(3):
        fresh = make_engine(architecture, cache_bytes=0).evidence([picture()], needs, targets=[target])
        assert_same(others[target], fresh, rtol=1e-5, atol=1e-6)


def test_that_each_frame_of_a_batch_has_its_own_target(
    make_engine: Callable[..., Engine], architecture: str, picture: Draw
) -> None:
    frames = [picture(seed) for seed in range(3)]
    together = make_engine(architecture, batch=3).evidence(frames, EVERYTHING, targets=[2, 0, 1])
    for index, target in enumerate((2, 0, 1)):
        alone = make_engine(architecture).evidence([frames[index]], EVERYTHING, targets=[target])
        assert_same(together[index], alone, rtol=1e-4, atol=1e-5)


def test_that_a_frame_seen_before_is_not_run_again(make_engine: Callable[..., Engine], picture: Draw) -> None:
    engine = make_engine()
    counts = count_passes(engine)
    frames = [picture(seed) for seed in range(3)]
    whole = engine.evidence(frames, EVERYTHING)
    again = engine.evidence(list(reversed(frames)), frozenset({Need.FEATURES}))
    assert counts["trunk"] == 3
    np.testing.assert_array_equal(again.logits, whole.logits[::-1])
    assert again.stem is None
    engine.evidence([picture(9), frames[0]], EVERYTHING)
    assert counts["trunk"] == 4


def test_that_more_needs_than_before_take_another_pass(make_engine: Callable[..., Engine], picture: Draw) -> None:
    engine = make_engine()
    counts = count_passes(engine)
    engine.evidence([picture()], frozenset({Need.LOGITS}))
    engine.evidence([picture()], frozenset({Need.STEM}))
    engine.evidence([picture()], frozenset({Need.LOGITS}))
    assert counts["trunk"] == 2


def test_that_a_tiny_cache_costs_time_only(make_engine: Callable[..., Engine], picture: Draw) -> None:
    frames = [picture(seed) for seed in range(4)]
    assert_same(make_engine(cache_bytes=100).evidence(frames, EVERYTHING), make_engine().evidence(frames, EVERYTHING))


def test_that_a_cancelled_job_stops_between_passes(make_engine: Callable[..., Engine], picture: Draw) -> None:
    engine = make_engine()
    counts = count_passes(engine)
    with pytest.raises(JobCancelled):
        engine.evidence([picture(seed) for seed in range(5)], EVERYTHING, cancelled=lambda: counts["trunk"] == 2)
    assert counts["trunk"] == 2


def test_that_no_graph_is_kept(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine("tiny_dense")
    assert not any(parameter.requires_grad for parameter in engine.network.parameters())
    assert not any(module.training for module in engine.network.modules())


def test_that_a_picture_whose_answer_is_no_number_is_an_error(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    engine = make_engine(prepare=lambda *_: np.full((3, 32, 32), np.nan, np.float32))
    with pytest.raises(ViewerError, match="not a finite number"):
        engine.evidence([picture()], frozenset())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.pop("trunk.1.0.weight"), r"lack the tensor trunk\.1\.0\.weight"),
        (lambda t: t.update(extra=np.zeros(2, np.float32)), "hold the tensor extra"),
        (lambda t: t.update({"classifier.1.bias": np.zeros(4, np.float32)}), r"shape \(4,\), not \(3,\)"),
        (lambda t: t.update({"classifier.1.bias": np.zeros(3, np.int64)}), "int64, not floating"),
        (lambda t: t.update({"classifier.1.bias": np.array([1, np.inf, 0], np.float32)}), "not finite"),
    ],
)
def test_that_weights_that_do_not_fit_are_refused(
    make_bundle: Make, architectures: Architectures, trained: Callable[..., nn.Module], change: Any, words: str
) -> None:
    tensors = network_arrays(trained(architectures.get("tiny")))
    change(tensors)
    with pytest.raises(BundleRefused, match=words):
        Engine(make_bundle(tensors=tensors), architectures, device="cpu", threads=1)


@pytest.mark.parametrize("tap", ["stem", "middle"])
def test_that_a_tap_the_network_does_not_have_is_refused(
    make_bundle: Make, architectures: Architectures, tap: str
) -> None:
    with pytest.raises(BundleRefused, match=r"no tap layer .*of_another"):
        Engine(make_bundle(**{tap: "of_another"}), architectures, device="cpu", threads=1)


def test_that_a_head_that_is_not_what_its_architecture_says_gets_true_gradients(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    evidence = make_engine("tiny_liar").evidence([picture()], EVERYTHING)
    assert evidence.linear_head is None
    assert evidence.gradients is not None
    assert evidence.gradients.shape == (1, 10, 4, 4)
    assert np.count_nonzero(evidence.gradients[0], axis=(1, 2)).max() == 1  # a maximum has one origin


def test_that_an_unknown_architecture_is_refused_and_the_known_ones_are_named(make_bundle: Make) -> None:
    with pytest.raises(BundleRefused, match="no architecture 'tiny'; there are: resnet18, resnet50"):
        Engine(make_bundle(), Architectures(), device="cpu", threads=1)


def test_that_taps_named_by_the_bundle_win(make_bundle: Make, architectures: Architectures, picture: Draw) -> None:
    engine = Engine(make_bundle(stem="0.0", middle="2"), architectures, device="cpu", threads=1)
    evidence = engine.evidence([picture()], EVERYTHING)
    network: Any = plain_network(engine, architectures)
    bare_convolution = network.trunk[0][0](torch.tensor(evidence.input)).detach()
    np.testing.assert_allclose(evidence.stem, bare_convolution, rtol=1e-4, atol=1e-5)
    assert evidence.middle.shape == (1, 20)


class RunsOut:
    """Stands in for the network and has memory for `room` frames, or none on this device."""

    def __init__(self, engine: Engine, room: int, error: RuntimeError) -> None:
        self._inner = engine._network
        self._room = room
        self._error = error
        self.shapes: list[int] = []
        self.network = self._inner.network

    def __call__(self, pictures: torch.Tensor, *rest: Any) -> Any:
        self.shapes.append(len(pictures))
        if len(pictures) > self._room:
            raise self._error
        return self._inner(pictures, *rest)


def test_that_out_of_memory_halves_the_batch_and_says_so(make_engine: Callable[..., Engine], picture: Draw) -> None:
    said: list[str] = []
    engine = make_engine(batch=8, notify=said.append)
    frames = [picture(seed) for seed in range(6)]
    fake = RunsOut(engine, 2, torch.OutOfMemoryError("CUDA out of memory"))
    engine._network = fake  # type: ignore[assignment]
    evidence = engine.evidence(frames, EVERYTHING)
    assert fake.shapes == [8, 4, 2, 2, 2]
    assert [sentence.split("now takes ")[1] for sentence in said] == ["4 frames at a time.", "2 frames at a time."]
    assert_same(evidence, make_engine().evidence(frames, EVERYTHING), rtol=1e-4, atol=1e-5)


def test_that_a_gpu_without_memory_for_one_frame_gives_way_to_the_cpu(
    make_engine: Callable[..., Engine], picture: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    engine = make_engine(notify=said.append)
    fake = RunsOut(engine, 0, torch.OutOfMemoryError("CUDA out of memory"))
    engine._network = fake  # type: ignore[assignment]
    monkeypatch.setattr(engine, "_device", torch.device("meta"))  # any device that is not the CPU
    monkeypatch.setattr(fake, "_inner", fake._inner)
    moved: list[str] = []

    def make_room(device: torch.device) -> nn.Module:
        moved.append(device.type)
        fake._room = 1
        return fake._inner.network

    monkeypatch.setattr(fake.network, "to", make_room)
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor)
    evidence = engine.evidence([picture()], frozenset({Need.FEATURES}))
    assert (moved, engine.device, len(evidence)) == (["cpu"], "cpu", 1)
    assert said == ["The GPU ran out of memory even for one frame; the model now runs on the CPU."]


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("no memory"), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
def test_that_a_cpu_without_memory_for_one_frame_is_one_sentence(
    make_engine: Callable[..., Engine], picture: Draw, error: RuntimeError
) -> None:
    engine = make_engine()
    engine._network = RunsOut(engine, 0, error)  # type: ignore[assignment]
    with pytest.raises(ViewerError, match="not enough memory"):
        engine.evidence([picture()], frozenset())


def test_that_another_error_of_the_network_is_not_taken_for_a_lack_of_memory(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    engine = make_engine()
    engine._network = RunsOut(engine, 0, RuntimeError("mat1 and mat2 shapes"))  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="mat1"):
        engine.evidence([picture()], frozenset())


def test_that_a_missing_gpu_is_said_and_becomes_the_cpu(
    make_bundle: Make, architectures: Architectures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    said: list[str] = []
    engine = Engine(make_bundle(), architectures, device="cuda", threads=1, notify=said.append)
    assert engine.device == "cpu"
    assert said == ["No CUDA device was found, so the model runs on the CPU."]


def test_that_one_core_is_left_to_the_window(
    make_bundle: Make, architectures: Architectures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    Engine(make_bundle(), architectures, device="cpu")
    assert torch.get_num_threads() == 3
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    Engine(make_bundle(), architectures, device="cpu")
    assert torch.get_num_threads() == 1


def test_that_trouble_is_logged_where_nobody_listens(
    make_engine: Callable[..., Engine], caplog: pytest.LogCaptureFixture, picture: Draw
) -> None:
    engine = make_engine(batch=2)
    engine._network = RunsOut(engine, 1, torch.OutOfMemoryError("full"))  # type: ignore[assignment]
    with caplog.at_level(logging.WARNING):
        engine.evidence([picture()], frozenset())
    assert "ran out of memory" in caplog.text


def test_that_asking_about_nothing_is_a_mistake(make_engine: Callable[..., Engine]) -> None:
    with pytest.raises(ValueError, match="no pictures"):
        make_engine().evidence([], frozenset())


def test_that_the_field_of_view_is_the_bundles(make_bundle: Make, architectures: Architectures) -> None:
    engine = Engine(make_bundle(resize="crop"), architectures, device="cpu", threads=1)
    assert engine.field_of_view(Picture(np.zeros((100, 200, 3), np.uint8))).left == 0.25


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_that_a_gpu_agrees_with_the_cpu(make_bundle: Make, architectures: Architectures, picture: Draw) -> None:
    bundle = make_bundle()
    frames = [picture(seed) for seed in range(11)]
    on_gpu = Engine(bundle, architectures, device="cuda")
    assert (on_gpu.device, on_gpu.batch) == ("cuda", 8)
    evidence = on_gpu.evidence(frames, EVERYTHING)
    on_cpu = Engine(bundle, architectures, device="cpu").evidence(frames, EVERYTHING)
    assert_same(evidence, on_cpu, rtol=0.05, atol=0.05)
    assert_same(Engine(bundle, architectures, device="cuda").evidence(frames[3:4], EVERYTHING), evidence[3])
