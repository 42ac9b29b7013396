"""What a clip costs in memory: opened, stepped through and assessed in the full window; longer clips; many steps.

Memory is what the process has in RAM (RSS), every page of mapped files included. The window has torch, the plugins
and the model loaded before the clip is opened.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from clip import clip
from measure import Figure, arguments, write
from screen import drawing

STEPS = 20_000
PROGRAM = Path(__file__).with_name("memory_viewer.py")


def measure(environment: dict[str, str], path: Path, frames: int, steps: int, bundle: str | None) -> dict[str, float]:
    """Run the window once; a crash ends the benchmark."""
    command = [sys.executable, PROGRAM, path, "--frames", frames, "--steps", steps]
    command += ["--bundle", bundle] if bundle else []
    finished = subprocess.run([str(word) for word in command], env=environment, stdout=subprocess.PIPE, check=True)
    results: dict[str, float] = json.loads(finished.stdout)
    return results


def main() -> None:
    """Measure a clip, one four times as long, and many steps."""
    options = arguments(__doc__)
    frames, steps = (12, 60) if options.quick else (300, STEPS)
    size = (192, 256) if options.quick else (768, 1024)
    with drawing(quick=options.quick) as environment, tempfile.TemporaryDirectory() as home:
        environment |= {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        short = measure(environment, clip(frames, *size), frames, steps, options.bundle)
        long = measure(environment, clip(4 * frames, *size), 4 * frames, 0, options.bundle)
    shown = {"window with the model loaded MB": short["window"]}
    write(
        [
            Figure(
                name=f"growth of memory from opening, stepping through and assessing the {frames}-frame clip",
                value=short["growth"],
                goal=150,
                unit="MB",
                detail=shown,
            ),
            Figure(
                name=f"the same with {4 * frames} frames against {frames}",
                value=long["growth"] / short["growth"] if short["growth"] > 0 else None,
                goal=1.1,
                unit="×",
                detail={f"growth with {4 * frames} frames MB": long["growth"], "growth MB": short["growth"]},
            ),
            Figure(
                name=f"growth of memory over {steps:,} frame steps in one process, no crash",
                value=short["steps_growth"],
                goal=20,
                unit="MB",
                detail={"steps": str(steps), **shown},
            ),
        ],
        options,
    )


if __name__ == "__main__":
    main()
