"""`viewer plan-calibration`: how many groups a certificate takes, before any case is labelled."""

import argparse
import dataclasses
import json

from viewer.assessment.claims import Terms
from viewer.assessment.planning import Forecast, TrustModel, forecast, largest_coverage
from viewer.assessment.pvalues import fewest_without_error
from viewer.cli.terms import add_terms, read_terms
from viewer.domain.errors import ViewerError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer plan-calibration`."""
    parser = subparsers.add_parser(
        "plan-calibration",
        help="say how many groups a certificate takes and what to expect of it",
        description="Runs the test of `viewer calibrate` on simulated studies with one decision per group (patient, "
        "else lesion) and says how often green is certified, and for what share of the cases.",
    )
    add_terms(parser)
    parser.add_argument("--accuracy", type=float, default=0.8, metavar="A", help="of the model (default 0.8)")
    parser.add_argument(
        "--auroc", type=float, default=0.8, metavar="U", help="how well trust finds its errors (default 0.8)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print the plan; returns 0.

    Raises:
        ViewerError: A number makes no sense.
    """
    terms = read_terms(args.risk, args.confidence)
    try:
        model = TrustModel(accuracy=args.accuracy, auroc=args.auroc)
    except ValueError as error:
        raise ViewerError(str(error)) from error
    fewest, largest = fewest_without_error(terms.risk, terms.delta), largest_coverage(model, terms)
    forecasts = forecast(model, terms)
    if args.json:
        print(json.dumps(_record(model, terms, fewest, largest, forecasts)))
    else:
        print(_page(model, terms, fewest, largest, forecasts))
    return 0


def _record(
    model: TrustModel, terms: Terms, fewest: int, largest: float, forecasts: tuple[Forecast, ...]
) -> dict[str, object]:
    return {
        "risk": terms.risk,
        "confidence": 1 - terms.delta,
        "accuracy": model.accuracy,
        "auroc": model.auroc,
        "fewest_accepted_groups_without_error": fewest,
        "largest_coverage": round(largest, 3),
        "forecasts": [dataclasses.asdict(forecast) for forecast in forecasts],
    }


def _page(model: TrustModel, terms: Terms, fewest: int, largest: float, forecasts: tuple[Forecast, ...]) -> str:
    lines = [
        f"At most {100 * terms.risk:.3g} % errors among green answers, {100 * (1 - terms.delta):.3g} % confidence:",
        f"it takes at least {fewest} green groups, if none of them is wrong.",
        "",
        f"A model of accuracy {model.accuracy:g} whose trust finds errors at AUROC {model.auroc:g},",
        f"one decision per group (no number of groups makes more than {largest:.0%} of its cases green):",
        "",
        "certify groups  fit groups  certified in  green cases then",
    ]
    lines += [f"{f.groups:14d}  {f.fit_groups:10d}  {f.certified:12.0%}  {f.coverage:16.0%}" for f in forecasts]
    return "\n".join(lines)
