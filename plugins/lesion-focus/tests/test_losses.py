"""The losses against values computed by hand, and their gradients against finite differences."""

import math

import pytest
import torch
from torch.autograd import gradcheck
from torch.nn import functional
from viewer_lesion_focus.training.losses import (
    centre_distance,
    class_maps,
    deciding_maps,
    focal,
    map_divergence,
    mask_disagreement,
    moved_centres,
)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def learnable(*shape: int, seed: int = 0) -> torch.Tensor:
    return drawn(*shape, seed=seed).requires_grad_()


def of_shares(*shares: list[float]) -> torch.Tensor:
    """Maps (1, K, 1, n) whose softmax over the grid gives these shares."""
    return torch.tensor(shares, dtype=torch.float64).log()[None, :, None]


class TestFocal:
    def test_that_it_is_cross_entropy_times_the_squared_doubt(self):
        logits = torch.tensor([[math.log(3.0), 0.0]], dtype=torch.float64)  # p = ¾, ¼
        assert focal(logits, torch.tensor([0])).item() == pytest.approx(0.25**2 * -math.log(0.75))
        assert focal(logits, torch.tensor([1])).item() == pytest.approx(0.75**2 * -math.log(0.25))

    def test_that_without_focus_it_is_cross_entropy(self):
        logits, labels = drawn(5, 4), torch.tensor([0, 1, 2, 3, 1])
        assert torch.allclose(focal(logits, labels, 0.0), functional.cross_entropy(logits, labels, reduction="none"))

    @pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
    def test_that_loss_and_gradient_are_finite_where_an_answer_is_certain(self, gamma):
        logits = torch.tensor([[90.0, -90.0], [-90.0, 90.0]], requires_grad=True)
        losses = focal(logits, torch.tensor([0, 0]), gamma)
        losses.sum().backward()
        assert losses.tolist() == pytest.approx([0.0, 180.0])
        assert torch.isfinite(logits.grad).all()

    @pytest.mark.parametrize("gamma", [0.0, 1.5, 2.0])
    def test_the_gradient(self, gamma):
        labels = torch.tensor([0, 2, 1])
        assert gradcheck(lambda logits: focal(logits, labels, gamma), [learnable(3, 3)])


class TestCentres:
    def test_that_it_is_half_the_squared_distance_from_the_centre_of_the_own_class(self):
        features = torch.tensor([[3.0, 4.0], [1.0, 1.0]])
        centres = torch.tensor([[0.0, 0.0], [1.0, -1.0]])
        assert centre_distance(features, torch.tensor([0, 1]), centres).tolist() == [12.5, 2.0]

    def test_that_no_gradient_reaches_the_centres(self):
        centres = learnable(2, 3)
        centre_distance(learnable(2, 3, seed=1), torch.tensor([0, 1]), centres).sum().backward()
        assert centres.grad is None

    def test_that_a_centre_moves_by_its_share_of_the_way_and_others_stay(self):
        centres = torch.tensor([[0.0, 0.0], [5.0, 5.0]])
        features = torch.tensor([[2.0, 0.0], [4.0, 6.0]])
        moved = moved_centres(centres, features, torch.tensor([0, 0]), 0.5)
        assert moved.tolist() == [[1.0, 1.0], [5.0, 5.0]]  # ½ · (2 + 4, 0 + 6) / 3

    def test_the_gradient(self):
        labels, centres = torch.tensor([0, 1, 1]), drawn(2, 4, seed=2)
        assert gradcheck(lambda features: centre_distance(features, labels, centres), [learnable(3, 4)])


class TestDivergence:
    HALF, LEFT = [0.5, 0.5], [0.75, 0.25]
    CELLS = (0.25 * math.log(1.5), 0.25 * math.log(2.0))
    """d of each cell: (¾ − ½)(ln ¾ − ln ½) and (¼ − ½)(ln ¼ − ln ½)."""

    def test_that_unpenalised_it_is_the_symmetric_divergence(self):
        found = map_divergence(of_shares(self.HALF, self.LEFT)).item()
        p, q = (torch.tensor(shares, dtype=torch.float64) for shares in (self.HALF, self.LEFT))
        both = functional.kl_div(q.log(), p, reduction="sum") + functional.kl_div(p.log(), q, reduction="sum")
        assert found == pytest.approx(sum(self.CELLS))
        assert found == pytest.approx(both.item())

    def test_that_a_penalty_holds_large_cells_back(self):
        found = map_divergence(of_shares(self.HALF, self.LEFT), 2.0).item()
        assert found == pytest.approx(sum(d / (1 + 2 * d) for d in self.CELLS))

    def test_that_the_printed_formula_rises_to_a_pole_and_is_negative_beyond(self):
        def printed(penalty):
            return map_divergence(of_shares(self.HALF, self.LEFT), penalty, "printed").item()

        assert printed(2.0) == pytest.approx(sum(d / (1 - 2 * d) for d in self.CELLS))
        assert printed(0.0) == pytest.approx(sum(self.CELLS))
        assert printed(20.0) == pytest.approx(sum(d / (1 - 20 * d) for d in self.CELLS))
        assert printed(20.0) < 0

    def test_that_the_printed_formula_is_finite_at_its_pole(self):
        maps = of_shares(self.HALF, self.LEFT).requires_grad_()
        loss = map_divergence(maps, 1 / self.CELLS[0], "printed")
        loss.sum().backward()
        assert torch.isfinite(loss).all()
        assert torch.isfinite(maps.grad).all()

    def test_that_equal_maps_do_not_diverge_whatever_their_offset(self):
        one = drawn(1, 1, 3, 3)
        maps = torch.cat([one, one - 25.0], dim=1)
        for formula in ("penalised", "printed"):
            assert map_divergence(maps, 1.0, formula).item() == pytest.approx(0.0, abs=1e-12)

    def test_that_pairs_of_classes_count_alike(self):
        maps = drawn(2, 3, 2, 2)
        pairs = [map_divergence(maps[:, list(pair)]) for pair in ((0, 1), (0, 2), (1, 2))]
        assert torch.allclose(map_divergence(maps), torch.stack(pairs).mean(dim=0))

    def test_that_maps_of_any_size_give_finite_losses(self):
        maps = torch.tensor([[[[-1e4, 1e4]], [[1e4, -1e4]]]], requires_grad=True)
        for penalty, formula in ((0.0, "penalised"), (1.0, "penalised"), (1.0, "printed")):
            loss = map_divergence(maps, penalty, formula)
            loss.sum().backward()
            assert torch.isfinite(loss).all()
            assert torch.isfinite(maps.grad).all()

    @pytest.mark.parametrize(
        ("penalty", "formula"), [(0.0, "penalised"), (1.0, "penalised"), (0.5, "printed"), (40.0, "printed")]
    )
    def test_the_gradient(self, penalty, formula):
        assert gradcheck(lambda maps: map_divergence(maps, penalty, formula), [learnable(2, 3, 2, 3)])


class TestMask:
    MASK = torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]], dtype=torch.float64)

    @pytest.mark.parametrize(("factor", "loss"), [(1.0, 0.0), (30.0, 0.0), (-2.0, 2.0)])
    def test_that_it_runs_from_a_map_like_the_mask_to_its_opposite_whatever_scale_and_offset(self, factor, loss):
        losses, usable = mask_disagreement(self.MASK * factor - 7, self.MASK)
        assert losses.item() == pytest.approx(loss, abs=1e-6)
        assert usable.tolist() == [True]

    def test_that_it_is_one_minus_pearsons_r_averaged_over_the_classes(self):
        first, second = torch.tensor([[1.0, 1.0], [0.0, 0.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])
        losses, _ = mask_disagreement(torch.stack([first, second])[None].double(), self.MASK)
        r = [1 / math.sqrt(3), -1 / 3]
        assert losses.item() == pytest.approx(1 - sum(r) / 2, abs=1e-6)

    def test_that_a_mask_is_averaged_over_the_cells_of_the_grid(self):
        fine = torch.zeros(1, 1, 4, 4, dtype=torch.float64)
        fine[..., :2, :2] = 1
        fine[..., 0, 2] = 1  # a quarter of the cell
        maps = torch.tensor([[[[1.0, 0.25], [0.0, 0.0]]]], dtype=torch.float64)
        assert mask_disagreement(maps, fine)[0].item() == pytest.approx(0.0, abs=1e-6)

    def test_that_a_constant_mask_is_not_usable(self):
        masks = torch.stack([torch.zeros(1, 4, 4), torch.ones(1, 4, 4), torch.eye(4)[None]]).double()
        _, usable = mask_disagreement(drawn(3, 2, 4, 4), masks)
        assert usable.tolist() == [False, False, True]

    def test_that_a_constant_map_agrees_with_no_mask_and_has_a_finite_gradient(self):
        maps = torch.full((1, 2, 2, 2), 3.0, dtype=torch.float64, requires_grad=True)
        losses, _ = mask_disagreement(maps, self.MASK)
        losses.sum().backward()
        assert losses.item() == pytest.approx(1.0)
        assert torch.isfinite(maps.grad).all()

    def test_the_gradient(self):
        masks = (drawn(2, 1, 6, 6, seed=4) > 0).double()
        assert gradcheck(lambda maps: mask_disagreement(maps, masks)[0], [learnable(2, 3, 3, 3)])


def test_that_the_mean_of_a_class_map_is_its_logit_but_for_the_bias():
    activations, weights = drawn(2, 5, 3, 4), drawn(3, 5, seed=1)
    logits = activations.mean(dim=(2, 3)) @ weights.T
    assert torch.allclose(class_maps(activations, weights).mean(dim=(2, 3)), logits)
    assert gradcheck(class_maps, [learnable(2, 3, 2, 2), learnable(2, 3, seed=1)])


def test_that_what_decides_is_the_map_of_the_true_class_minus_the_mean_of_the_others():
    maps = torch.tensor([[[[5.0, 1.0]], [[2.0, 2.0]], [[0.0, 4.0]]]], dtype=torch.float64)
    assert deciding_maps(maps, torch.tensor([0])).tolist() == [[[[4.0, -2.0]]]]
    assert deciding_maps(maps, torch.tensor([2])).tolist() == [[[[-3.5, 2.5]]]]
    assert torch.allclose(
        deciding_maps(maps + drawn(1, 1, 1, 2), torch.tensor([1])), deciding_maps(maps, torch.tensor([1]))
    )
    assert gradcheck(lambda one: deciding_maps(one, torch.tensor([0, 2])), [learnable(2, 3, 2, 2)])
