import numpy as np
import pytest
from viewer_second_opinion.study import source
from viewer_second_opinion.study.figures import Answered, Judged
from viewer_second_opinion.study.frames import read_frames


def silent(sentence):
    pass


@pytest.fixture
def both(tables):
    return tuple(read_frames(path) for path in tables)


def test_that_all_three_reliability_classifiers_give_every_frame_a_trust(both):
    found = source.reliabilities(*both, silent)
    assert list(found) == ["network", "svc", "svc_per_class"]
    for judged in found.values():
        assert judged.trust.shape == (len(both[1]),)
        assert ((judged.trust >= 0) & (judged.trust <= 1)).all()
        assert judged.seconds > 0


def test_that_an_answer_stands_where_nothing_could_be_learnt(frames):
    faultless = frames(noise=0.01, sure=5.0)
    assert faultless.correct.all()
    for judged in source.reliabilities(faultless, faultless, silent).values():
        assert (judged.trust == 0.5).all()


def test_that_similar_frames_vote_for_what_they_are(frames):
    train, test = frames(["1", "2", "3"], noise=0.3, sure=4.0, frames=60), frames(["9"], noise=0.3, sure=4.0, seed=5)
    for answered in source.rescorings(train, test, silent).values():
        assert (answered.final == test.true).mean() > 0.95
        assert answered.trust.max() == 1
        assert answered.seconds > 0


def test_that_fewer_frames_than_are_asked_for_vote_all(frames):
    train = frames(["1"], clips=1, frames=4)
    found = source.rescorings(train, train, silent)
    assert set(found) == {(way, vote) for way in ("behaviour", "tsne") for vote in ("mode", "mean")}
    assert all(set(answered.final.tolist()) <= {0, 1, 2, 3} for answered in found.values())


def test_that_a_cascade_re_scores_what_is_doubted_and_nothing_else(frames):
    test = frames(["9"], clips=1, frames=4)
    judged = Judged(trust=np.array([0.9, 0.1, 0.5, 0.4]), seconds=0.1)
    rescored = Answered(final=np.array([3, 3, 3, 3]), trust=np.full(4, 0.7), seconds=1.0)
    found = source.cascade(test, judged, rescored)
    assert found.final.tolist() == [test.predicted[0], 3, test.predicted[2], 3]
    assert found.trust.tolist() == [0.9, 0.7, 0.5, 0.7]
    assert found.seconds == pytest.approx(0.6)


def test_that_a_large_table_is_sampled_for_the_map():
    rows = source.on_map(3 * source.MOST_ON_MAP)
    assert len(set(rows.tolist())) == source.MOST_ON_MAP
    assert (source.on_map(10) == np.arange(10)).all()
