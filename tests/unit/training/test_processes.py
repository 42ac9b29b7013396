import pytest

from viewer.training.processes import LeftToTheFirst, Processes

TWO = Processes(devices=2)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "first"),
    [
        ({}, True),
        ({"LOCAL_RANK": "0"}, True),
        ({"LOCAL_RANK": "1"}, False),
        ({"NODE_RANK": "1", "LOCAL_RANK": "0"}, False),
        ({"RANK": "0", "LOCAL_RANK": "0"}, True),
        ({"RANK": "2", "LOCAL_RANK": "0"}, False),
        ({"SLURM_PROCID": "1"}, False),
    ],
    ids=str,
)
def test_that_one_process_of_all_speaks_and_writes(monkeypatch, variables, first):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert TWO.is_first == first
    if first:
        TWO.leave_to_the_first()
    else:
        with pytest.raises(LeftToTheFirst):
            TWO.leave_to_the_first()


def test_that_a_single_process_speaks_whatever_a_scheduler_has_set(monkeypatch):
    monkeypatch.setenv("SLURM_PROCID", "3")
    assert Processes().is_first
