"""The processes that train together: how many, on what, and which of them speaks and writes."""

import os
from dataclasses import dataclass


class LeftToTheFirst(Exception):
    """This process has trained its share; the first one does the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """What trains together.

    Attributes:
        device: `auto`, `cpu` or `cuda`.
        devices: Processes on this machine.
        nodes: Machines.
        strategy: One of Lightning's, or `auto`.
    """

    device: str = "auto"
    devices: int = 1
    nodes: int = 1
    strategy: str = "auto"

    @property
    def total(self) -> int:
        """Processes on all machines."""
        return self.devices * self.nodes

    @property
    def is_first(self) -> bool:
        """Whether this is the process that speaks and writes.

        Lightning starts the others by the same command with LOCAL_RANK set; torchrun and SLURM number all of them.
        """
        if self.total == 1:
            return True
        for name in ("RANK", "SLURM_PROCID"):
            if name in os.environ:
                return os.environ[name] == "0"
        return all(os.environ.get(name, "0") == "0" for name in ("LOCAL_RANK", "NODE_RANK"))

    def leave_to_the_first(self) -> None:
        """End the part of every other process.

        Raises:
            LeftToTheFirst: This is not the first one.
        """
        if not self.is_first:
            raise LeftToTheFirst
