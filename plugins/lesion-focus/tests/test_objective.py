"""What the recipe sums: every term by its switch, centres that are kept, garbage and missing masks."""

from collections import OrderedDict

import pytest
import torch
from torch import nn
from torch.nn import functional
from viewer_lesion_focus.training.losses import class_maps, deciding_maps, focal, map_divergence, mask_disagreement
from viewer_lesion_focus.training.objective import Centres, LesionFocus
from viewer_lesion_focus.training.recipe import LESION_FOCUS, NETWORKS

from viewer.api import Batch, Hyperparameters, Modality, TrainingContext, ViewerError
from viewer.engine.architectures import Architectures

OFF = {"centre_term": False, "divergence_term": False, "mask_term": False}


def network(classes: int = 2) -> nn.Module:
    torch.manual_seed(0)
    parts = {
        "trunk": nn.Conv2d(3, 4, 3, stride=2, padding=1),
        "pool": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "classifier": nn.Sequential(nn.Dropout(0.0), nn.Linear(4, classes)),
    }
    return nn.Sequential(OrderedDict(parts))


def context(net: nn.Module, classes=("a", "b"), counts=None, **choices) -> TrainingContext:
    return TrainingContext(
        network=net,
        classes=tuple(classes),
        counts=counts or (1,) * len(classes),
        hyper=Hyperparameters(class_weight_power=1.0),
        choices=LESION_FOCUS.choose(choices),
        steps_per_epoch=2,
    )


def batch(labels=(0, 1, 1), has_mask=(True, True, True)) -> Batch:
    generator = torch.Generator().manual_seed(1)
    masks = (torch.rand(len(labels), 1, 8, 8, generator=generator) > 0.5).float()
    return Batch(
        inputs=torch.randn(len(labels), 3, 8, 8, generator=generator),
        labels=torch.tensor(labels),
        masks=masks * torch.tensor(has_mask)[:, None, None, None],
        has_mask=torch.tensor(has_mask),
    )


def maps_of(net: nn.Module, pictures: torch.Tensor) -> torch.Tensor:
    return class_maps(net.trunk(pictures), net.classifier[1].weight)


class TestTerms:
    @pytest.mark.parametrize("term", ["centre", "divergence", "mask"])
    def test_that_every_term_has_a_switch(self, term):
        net = network()
        everything = LesionFocus(context(net))(net, batch())
        without = LesionFocus(context(net, **{f"{term}_term": False}))(net, batch())
        assert everything.keys() - without.keys() == {term}
        assert everything.keys() == {"cross_entropy", "centre", "divergence", "mask"}

    def test_that_terms_are_the_losses_times_their_weights(self):
        net, shown = network(), batch()
        terms = LesionFocus(context(net, divergence_weight=3.0, mask_weight=5.0, divergence_penalty=0.25))(net, shown)
        maps = maps_of(net, shown.inputs)
        assert torch.allclose(terms["divergence"], 3 * map_divergence(maps, 0.25).mean())
        assert torch.allclose(terms["mask"], 5 * mask_disagreement(maps, shown.masks)[0].mean())

    def test_that_the_mask_may_be_asked_of_what_decides(self):
        net, shown = network(3), batch((0, 1, 2))
        terms = LesionFocus(context(net, "abc", mask_maps="deciding"))(net, shown)
        deciding = deciding_maps(maps_of(net, shown.inputs), shown.labels)
        assert torch.allclose(terms["mask"], 0.5 * mask_disagreement(deciding, shown.masks)[0].mean())

    def test_that_three_classes_get_the_focal_loss_and_classes_weigh_alike(self):
        net, shown = network(3), batch((0, 1, 2))
        terms = LesionFocus(context(net, "abc", (1, 2, 3), **OFF))(net, shown)
        losses = focal(net(shown.inputs), shown.labels)
        assert torch.allclose(terms["focal"], (torch.tensor([2.0, 1.0, 2 / 3]) * losses).mean())

    @pytest.mark.parametrize(("choice", "name"), [("focal", "focal"), ("cross_entropy", "cross_entropy")])
    def test_that_the_loss_of_the_classes_can_be_named(self, choice, name):
        for net, classes in ((network(), "ab"), (network(3), "abc")):
            assert LesionFocus(context(net, classes, class_loss=choice, **OFF))(net, batch()).keys() == {name}

    def test_that_pictures_without_a_mask_are_left_out_of_that_term_alone(self):
        net, shown = network(), batch(has_mask=(True, False, True))
        terms = LesionFocus(context(net))(net, shown)
        losses, _ = mask_disagreement(maps_of(net, shown.inputs), shown.masks)
        assert torch.allclose(terms["mask"], 0.5 * losses[[0, 2]].mean())
        assert torch.allclose(terms["divergence"], 0.1 * map_divergence(maps_of(net, shown.inputs), 1.0).mean())

    def test_that_no_mask_at_all_costs_nothing_and_all_gradients_stay_finite(self):
        net = network()
        terms = LesionFocus(context(net))(net, batch(has_mask=(False, False, False)))
        assert terms["mask"].item() == 0
        torch.stack([*terms.values()]).sum().backward()
        assert all(torch.isfinite(parameter.grad).all() for parameter in net.parameters())

    def test_that_garbage_counts_in_the_first_term_alone(self):
        net, more = network(3), batch((0, 1, 2), (True, True, False))
        assert more.masks is not None
        without = Batch(
            inputs=more.inputs[:2], labels=more.labels[:2], masks=more.masks[:2], has_mask=torch.tensor([True, True])
        )
        both = [LesionFocus(context(net, ("a", "b", "")))(net, shown) for shown in (more, without)]
        assert torch.allclose(both[0]["divergence"], both[1]["divergence"])
        assert torch.allclose(both[0]["mask"], both[1]["mask"])
        assert not torch.allclose(both[0]["cross_entropy"], both[1]["cross_entropy"])

    def test_that_a_batch_of_garbage_alone_gives_finite_terms(self):
        net = network(3)
        terms = LesionFocus(context(net, ("a", "b", "")))(net, batch((2, 2), (False, False)))
        assert all(torch.isfinite(term) for term in terms.values())

    def test_that_one_pass_gives_all_terms(self):
        net, passes = network(), []
        net.trunk.register_forward_hook(lambda *_: passes.append(1))
        LesionFocus(context(net))(net, batch())
        assert len(passes) == 1

    @pytest.mark.parametrize(
        ("choices", "told"),
        [({"mask_weight": -1.0}, "--mask-weight must not be negative"), ({"centre_rate": 2.0}, "--centre-rate")],
    )
    def test_that_nonsense_is_refused_in_one_sentence(self, choices, told):
        with pytest.raises(ViewerError, match=told):
            LesionFocus(context(network(), **choices))

    def test_that_a_network_without_attention_maps_is_refused(self):
        dense = network()
        dense.classifier = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
        with pytest.raises(ViewerError, match="not one linear layer"):
            LesionFocus(context(dense))
        flat = network()
        flat.pool, flat.classifier = nn.Flatten(), nn.Linear(64, 2)
        with pytest.raises(ViewerError, match="pooling and one layer"):
            LesionFocus(context(flat))(flat, batch())


class TestCentres:
    FEATURES = torch.tensor([[2.0, 0.0], [4.0, 6.0], [1.0, 1.0]])
    LABELS = torch.tensor([0, 0, 1])

    def test_that_moving_centres_begin_at_the_first_mean_and_follow(self):
        centres = Centres(2, 2, "moving", rate=0.5, first_pass=1)
        assert centres(self.FEATURES, self.LABELS).item() == 0
        assert centres.centres.tolist() == [[3.0, 3.0], [1.0, 1.0]]
        loss = centres(self.FEATURES + 2, self.LABELS)
        assert loss.item() == pytest.approx((0.5 * (1 + 1) + 0.5 * (9 + 25) + 0.5 * (4 + 4)) / 3)
        assert torch.allclose(centres.centres, torch.tensor([[3 + 2 / 3, 3 + 2 / 3], [1.5, 1.5]]))

    def test_that_centres_of_the_first_pass_are_its_means_and_stay(self):
        centres = Centres(2, 2, "first_pass", rate=0.5, first_pass=2)
        for begin in (0, 1):
            assert centres(self.FEATURES[begin::2], self.LABELS[begin::2]).item() == 0
        assert centres.centres.tolist() == [[3.0, 3.0], [1.0, 1.0]]
        assert centres(self.FEATURES[:1], self.LABELS[:1]).item() == pytest.approx(0.5 * (1 + 9))
        assert centres.centres.tolist() == [[3.0, 3.0], [1.0, 1.0]]

    def test_that_a_class_not_seen_has_no_centre_and_costs_nothing(self):
        centres = Centres(3, 2, "moving", rate=0.5, first_pass=1)
        centres(self.FEATURES[:1], self.LABELS[:1])
        assert centres(self.FEATURES[2:], torch.tensor([2])).item() == 0

    def test_that_looking_at_stopping_pictures_moves_nothing(self):
        centres = Centres(2, 2, "moving", rate=0.5, first_pass=1).eval()
        centres(self.FEATURES, self.LABELS)
        assert centres.centres.abs().sum() == 0
        assert centres.steps == 0

    def test_that_they_are_kept_and_taken_up_again(self):
        before = Centres(2, 2, "first_pass", rate=0.5, first_pass=2)
        before(self.FEATURES, self.LABELS)
        after = Centres(2, 2, "first_pass", rate=0.5, first_pass=2)
        after.load_state_dict(before.state_dict())
        for centres in (before, after):
            centres(self.FEATURES + 1, self.LABELS)
        assert torch.equal(before.centres, after.centres)
        assert after(self.FEATURES, self.LABELS).item() > 0


class TestRecipe:
    @pytest.mark.parametrize("backbone", NETWORKS)
    def test_that_every_network_it_names_has_attention_maps(self, backbone):
        assert LESION_FOCUS.architecture_for(LESION_FOCUS.choose({"backbone": backbone})) == backbone
        assert Architectures().get(backbone).gap_linear

    def test_that_the_steps_are_those_of_the_source(self):
        net = network()
        steering = LESION_FOCUS.optimiser(context(net), list(net.parameters()))
        assert type(steering.optimiser).__name__ == "Adadelta"
        assert steering.optimiser.defaults["rho"] == 0.9
        assert (steering.every, steering.schedule.factor, steering.schedule.patience) == ("epoch", 0.5, 2)
        defaults = LESION_FOCUS.defaults
        assert (defaults.learning_rate, defaults.patience, defaults.epochs, defaults.batch) == (1.0, 10, 50, 16)

    def test_that_adamw_refuses_the_rate_of_adadelta(self):
        net = network()
        asked = context(net, optimiser="adamw")
        with pytest.raises(ViewerError, match=r"--lr 1.5e-4"):
            LESION_FOCUS.optimiser(
                TrainingContext(
                    network=net,
                    classes=asked.classes,
                    counts=asked.counts,
                    hyper=LESION_FOCUS.defaults,
                    choices=asked.choices,
                    steps_per_epoch=2,
                ),
                list(net.parameters()),
            )
        assert LESION_FOCUS.optimiser(asked, list(net.parameters())).every == "step"

    def test_that_masks_move_along_with_their_pictures(self):
        from torchvision import tv_tensors

        change = LESION_FOCUS.augmentation(Modality.DERMOSCOPY, 64, LESION_FOCUS.choose({}))
        mask = torch.zeros(1, 64, 64, dtype=torch.uint8)
        mask[:, 10:40, 20:50] = 255
        for seed in range(20):
            torch.manual_seed(seed)
            picture, moved = change(tv_tensors.Image(mask.repeat(3, 1, 1)), tv_tensors.Mask(mask))
            assert picture.shape == (3, 64, 64)
            differ = (picture[:1].float() - moved.float()).abs() > 127
            assert differ.float().mean() < 0.05  # but for the border, where pictures are interpolated


def test_that_cross_entropy_is_the_mean_over_weighted_pictures():
    net, shown = network(), batch()
    terms = LesionFocus(context(net, counts=(1, 3), **OFF))(net, shown)
    losses = functional.cross_entropy(net(shown.inputs), shown.labels, reduction="none")
    assert torch.allclose(terms["cross_entropy"], (torch.tensor([2.0, 2 / 3])[shown.labels] * losses).mean())
