"""The words that say what is to be certified, the same for every command."""

import argparse

from viewer.assessment.claims import Terms
from viewer.domain.errors import ViewerError


def add_terms(parser: argparse.ArgumentParser) -> None:
    """Add what is to be certified: risk and confidence."""
    parser.add_argument(
        "--risk", type=float, default=0.1, metavar="R", help="share of errors among green answers (default 0.1)"
    )
    parser.add_argument("--confidence", type=float, default=0.95, metavar="C", help="of each claim (default 0.95)")


def add_critical_risk(parser: argparse.ArgumentParser) -> None:
    """Add what share of critical cases may be missed."""
    parser.add_argument(
        "--critical-risk",
        type=float,
        default=0.05,
        metavar="R",
        help="share of missed critical cases among green answers for other classes (default 0.05)",
    )


def read_terms(risk: float, confidence: float, critical_risk: float = 0.05) -> Terms:
    """The terms that were asked for.

    Raises:
        ViewerError: A number makes no sense.
    """
    try:
        return Terms(risk=risk, delta=round(1 - confidence, 12), critical_risk=critical_risk)
    except ValueError as error:
        raise ViewerError(str(error)) from error
