"""What the recipes for lung ultrasound are made of: augmentation, losses, the small network, the optimiser."""

from collections.abc import Sequence

import pytest
import torch
from torch.nn import functional
from viewer_second_opinion.network.augmentation import four_changes
from viewer_second_opinion.network.ordinal import cross_entropy, loss_for, squared_earth_mover
from viewer_second_opinion.network.recipes import FINDING, SEVERITY
from viewer_second_opinion.network.small_cnn import SmallCnn

from viewer.api import Batch, Hyperparameters, Modality, TrainingContext, ViewerError
from viewer.engine.architectures import Architectures
from viewer.testing.architectures import check_architecture

SCORES = ("0", "1", "2", "3")
RECIPES = pytest.mark.parametrize("recipe", [SEVERITY, FINDING], ids=lambda recipe: recipe.name)


def context(recipe, counts: Sequence[int] = (1, 1, 1, 1), power: float = 0.0, **choices) -> TrainingContext:
    return TrainingContext(
        network=SmallCnn().build(len(counts)),
        classes=SCORES[: len(counts)],
        counts=tuple(counts),
        hyper=Hyperparameters(epochs=4, learning_rate=1e-3, weight_decay=0.1, class_weight_power=power),
        choices=recipe.choose(choices),
        steps_per_epoch=10,
    )


def sure_of(score: int) -> torch.Tensor:
    return functional.one_hot(torch.tensor([score]), 4).float() * 50


class TestAugmentation:
    @pytest.fixture
    def change(self):
        return four_changes()

    @pytest.fixture
    def frame(self):
        return torch.randint(40, 140, (3, 48, 48), generator=torch.Generator().manual_seed(3), dtype=torch.uint8)

    def test_that_each_change_is_made_about_half_of_the_times_and_independently_of_the_others(self, change, frame):
        torch.manual_seed(0)
        for part in change.transforms:
            changed = sum(not torch.equal(part(frame), frame) for _ in range(200))
            assert 75 <= changed <= 125
        untouched = sum(torch.equal(change(frame), frame) for _ in range(400))
        assert 10 <= untouched <= 45  # 1/16 of 400 are 25

    def test_that_two_frames_of_a_batch_are_changed_differently(self, change, frame):
        torch.manual_seed(1)
        seen = {change(frame).numpy().tobytes() for _ in range(16)}
        assert len(seen) > 8

    def test_that_levels_stay_bytes_of_the_same_shape(self, change, frame):
        torch.manual_seed(2)
        for _ in range(30):
            changed = change(frame)
            assert changed.dtype == torch.uint8
            assert changed.shape == frame.shape

    def test_that_the_gain_only_multiplies_and_by_045_at_most(self, change):
        torch.manual_seed(4)
        flat = torch.full((3, 8, 8), 100, dtype=torch.uint8)
        levels = {int(level) for _ in range(300) for level in change.transforms[1](flat).unique()}
        assert 54 <= min(levels) < 62
        assert 138 < max(levels) <= 145


class TestLosses:
    def test_that_the_earth_moves_further_the_further_the_answer_is_off(self):
        far = [float(squared_earth_mover(sure_of(score), torch.tensor([0]))) for score in range(4)]
        assert far == pytest.approx([0, 1, 2, 3], abs=1e-5)

    def test_that_it_is_the_sum_of_squares_of_the_cumulative_differences(self):
        answer = torch.tensor([[0.1, 0.2, 0.3, 0.4]])
        loss = squared_earth_mover(answer.log(), torch.tensor([1]))
        assert float(loss) == pytest.approx(0.1**2 + 0.7**2 + 0.4**2, abs=1e-6)

    def test_that_cross_entropy_costs_every_certain_mistake_the_same(self):
        costs = [float(cross_entropy(sure_of(score), torch.tensor([0]))) for score in (1, 2, 3)]
        assert costs == pytest.approx([50, 50, 50])

    @pytest.mark.parametrize("loss", ["cross_entropy", "earth_mover"])
    def test_that_the_option_names_the_term_and_gradients_are_finite_even_when_surely_wrong(self, loss):
        made = context(SEVERITY, loss=loss)
        batch = Batch(inputs=torch.randn(3, 3, 32, 32) * 1e3, labels=torch.tensor([0, 3, 1]))
        terms = loss_for(made)(made.network, batch)
        assert list(terms) == [loss]
        terms[loss].backward()
        assert all(p.grad is not None and p.grad.isfinite().all() for p in made.network.parameters())


class TestSmallNetwork:
    def test_that_it_conforms(self):
        check_architecture(SmallCnn())

    def test_that_it_can_be_an_ensemble(self):
        assert Architectures([SmallCnn()]).get("small_cnn_x3").build(3)(torch.zeros(2, 3, 64, 64)).shape == (2, 3)

    def test_that_starting_weights_are_refused_in_one_sentence(self, tmp_path):
        with pytest.raises(ViewerError, match="small_cnn learns from scratch: leave --weights out"):
            SmallCnn().load_pretrained(SmallCnn().build(3), tmp_path / "weights.pth")


class TestRecipes:
    @RECIPES
    def test_that_every_backbone_is_an_architecture_whose_last_layer_fits_the_classes(self, recipe):
        known = Architectures([SmallCnn()])
        (backbones,) = (option.choices for option in recipe.options if option.name == "backbone")
        assert {"resnet18", "vgg16", "squeezenet1_0", "mobilenet_v2", "small_cnn"} < set(backbones)
        for backbone in backbones:
            name = recipe.architecture_for(recipe.choose({"backbone": backbone}))
            with torch.device("meta"):
                network = known.get(name).build(4)
            assert next(network.classifier.parameters()).shape[0] == 4

    @RECIPES
    def test_that_the_rate_rises_and_falls_or_stays(self, recipe):
        falling, constant = context(recipe), context(recipe, rate="constant")
        steering = recipe.optimiser(falling, list(falling.network.parameters()))
        rates = []
        for _ in range(falling.steps):
            rates.append(steering.optimiser.param_groups[0]["lr"])
            steering.optimiser.step()
            steering.schedule.step() if len(rates) < falling.steps else None
        assert max(rates) == pytest.approx(1e-3)
        assert rates[0] < 1e-3 > rates[-1]
        assert recipe.optimiser(constant, list(constant.network.parameters())).schedule is None

    @RECIPES
    def test_that_weights_decay_and_biases_do_not(self, recipe):
        made = context(recipe)
        steering = recipe.optimiser(made, list(made.network.parameters()))
        for group in steering.optimiser.param_groups:
            decays = {parameter.ndim > 1 for parameter in group["params"]}
            assert decays == {group["weight_decay"] > 0}

    @RECIPES
    def test_that_where_only_the_last_layer_learns_the_trunk_is_frozen_and_frames_stay_as_they_are(self, recipe):
        last, every = recipe.choose({"layers": "last"}), recipe.choose({})
        assert recipe.frozen_for(last) == ("trunk",)
        assert recipe.augmentation(Modality.ULTRASOUND, 48, last) is None
        assert recipe.frozen_for(every) == ()
        assert recipe.augmentation(Modality.ULTRASOUND, 48, every) is not None

    def test_that_findings_have_no_order_to_learn_by(self):
        with pytest.raises(ViewerError, match="has no option loss"):
            FINDING.choose({"loss": "earth_mover"})

    def test_that_an_unknown_loss_is_refused(self):
        with pytest.raises(ViewerError, match="loss must be one of cross_entropy, earth_mover"):
            SEVERITY.choose({"loss": "focal"})


def test_that_garbage_has_no_place_where_the_loss_needs_an_order():
    assert FINDING.bears_garbage(FINDING.choose({}))
    assert SEVERITY.bears_garbage(SEVERITY.choose({}))
    assert not SEVERITY.bears_garbage(SEVERITY.choose({"loss": "earth_mover"}))
