"""`viewer evaluate BUNDLE` from labelled files to a cohort and its report, through a network of random weights."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.cli import main
from viewer.datasets.sample import LabelTable, Sample
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.domain.result import Overlay, Score
from viewer.evaluation.bootstrap import Bootstrap
from viewer.host.discovery import PluginHost
from viewer.report.cohort import CASES, FEATURES, RECORD, Cohort, read_cohort
from viewer.session.batch import Order, Watcher, assess_all
from viewer.session.cohort_report import report_cohort
from viewer.session.evaluating import evaluate_bundle
from viewer.session.labelled_run import GROWING, Trial
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.testing.bundles import CLASSES, tiny_bundle
from viewer.testing.fakes import FakeExplainer, FakeScorer, entry_point, plugin_module, raises

pytestmark = pytest.mark.integration

QUICK = Bootstrap(draws=20)
TIMES = ("decode_ms", "assess_ms", "bare_ms")


def attention(evidence: Evidence) -> list[Overlay]:
    return [Overlay(title="where it looked", values=np.eye(4, dtype=np.float32))]


class Bench:
    """A session with plugins made in memory, a model, and labelled pictures of noise."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self.folder = folder
        self.bundle = bundle
        self.out = folder / "out"
        self.notes: list[str] = []
        self._sessions: list[Session] = []
        self.session = self.with_plugins(explainers=[FakeExplainer(answer=attention)])
        self.samples = [self.picture(number) for number in range(9)]

    def picture(self, number: int) -> Sample:
        path = self.folder / "pictures" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(noise).save(path)
        return Sample(path, number % 3, f"patient {number // 2}")

    def clip(self, number: int, frames: int) -> Sample:
        path = self.folder / "pictures" / f"clip {number}.gif"
        noise = np.random.default_rng(number).integers(0, 256, (frames, 8, 8), np.uint8)
        first, *others = [Image.fromarray(frame) for frame in noise]
        first.save(path, save_all=True, append_images=others, duration=40)
        return Sample(path, number % 3, f"patient {number}")

    def with_plugins(self, **things: Any) -> Session:
        settings = Settings(batch_size=2)
        module = plugin_module(**{"scorers": [FakeScorer("softmax")], **things})
        host = PluginHost(settings, entry_points=[entry_point("fakes", module)])
        self._sessions.append(Session(settings, host, bundle_folders=[self.bundle.parent]))
        return self._sessions[-1]

    def trial(self, **changes: Any) -> Trial:
        labels = LabelTable(classes=tuple(sorted(CLASSES)), samples=tuple(self.samples))
        plain = Trial(
            bundle=str(self.bundle), labels=labels, data="noise", out=self.out, frames_per_clip=3, mapped=False
        )
        return replace(plain, **changes)

    def run(self, session: Session | None = None, **changes: Any) -> Cohort:
        watcher = Watcher(self.notes.append, lambda totals, file: None)
        return evaluate_bundle(session or self.session, self.trial(**changes), watcher)

    def close(self) -> None:
        for session in self._sessions:
            session.close()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bundle(tmp_path_factory.mktemp("bundles"))


@pytest.fixture
def bench(tmp_path: Path, bundle: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, bundle)
    yield bench
    bench.close()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def untimed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if name not in TIMES} for row in rows]


def test_that_cases_are_assessed_exactly_as_by_assess(bench: Bench, tmp_path: Path) -> None:
    cohort = bench.run()
    order = Order(
        paths=tuple(sample.path for sample in bench.samples),
        out=tmp_path / "assessed.csv",
        bundle=str(bench.bundle),
        modality=Modality.DERMOSCOPY,
    )
    assess_all(bench.session, order, Watcher(bench.notes.append, lambda totals, file: None))
    assessed = rows_of(order.out)
    assert len(cohort) == len(assessed) == 9
    shared = set(assessed[0]) & set(cohort.rows[0]) - {"file"}
    assert {"p_round", "trust", "trust_softmax", "light", "reason", "final", "trail"} <= shared
    for row, other in zip(cohort.rows, assessed, strict=True):
        assert {name: row[name] for name in shared} == {name: other[name] for name in shared}
    assert [cohort.path(case) for case in range(9)] == [sample.path for sample in bench.samples]
    assert [cohort.group(case) for case in range(9)] == [sample.group for sample in bench.samples]


def test_that_features_are_those_of_the_same_pass(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.session.host.load()
    bench.session.use_bundle(str(bench.bundle), Modality.UNKNOWN)
    engine = bench.session.assessor()._engine
    passes: list[int] = []
    once = engine._pass
    monkeypatch.setattr(engine, "_pass", lambda *of: passes.append(1) or once(*of))
    cohort = bench.run()
    assert len(passes) == 9
    assert cohort.features is not None
    for case in (0, 8):
        frame = bench.session.open_file(cohort.path(case)).decode(0)
        from viewer.session.pictures import picture_of

        expected = engine.evidence([picture_of(frame)], frozenset({Need.FEATURES})).features
        assert expected is not None
        assert np.allclose(cohort.features[case], expected[0].astype(np.float16))


def test_that_a_run_cut_at_any_place_ends_with_the_same_cohort(bench: Bench) -> None:
    bench.samples[3:3] = [bench.clip(1, 7), bench.clip(2, 2)]
    bench.samples[5].path.write_bytes(b"\x89PNG\r\n\x1a\n")
    whole = bench.run()
    cases = (bench.out / CASES).read_bytes()
    table = rows_of(bench.out / CASES)
    lines = cases.splitlines(keepends=True)
    assert whole.features is not None
    for kept in range(len(lines)):
        (bench.out / RECORD).unlink()
        (bench.out / FEATURES).unlink(missing_ok=True)
        torn = lines[kept][: len(lines[kept]) // 2]
        (bench.out / CASES).write_bytes(b"".join(lines[:kept]) + torn)
        good = sum(not row["error"] for row in table[: max(0, kept - 1)])
        ahead = whole.features[: min(good + 1, len(whole.features))]
        head = len(whole.features[0]).to_bytes(4, "little")
        (bench.out / GROWING).write_bytes(head + ahead.tobytes() + b"\0")
        again = bench.run()
        assert untimed(rows_of(bench.out / CASES)) == untimed(table)
        assert again.features is not None
        assert again.features.tobytes() == whole.features.tobytes()
        assert not (bench.out / GROWING).exists()


def test_that_sampled_frames_are_told_of_the_frames_around(bench: Bench) -> None:
    def around(evidence: Evidence) -> list[Score]:
        assert evidence.clip is not None
        known = np.isfinite(evidence.clip[:, :, 0]).sum(axis=1)
        return [Score(trust=float(count) / 11) for count in known]

    bench.samples = [bench.clip(1, 50), replace(bench.clip(2, 20), frame=4), replace(bench.clip(2, 20), frame=19)]
    asks = FakeScorer("around", around, needs=frozenset({Need.CLIP}))
    cohort = bench.run(bench.with_plugins(scorers=[asks]))
    told = [(int(row["frame"]), round(11 * float(row["trust_around"]))) for row in cohort.rows]
    assert told == [(8, 8), (25, 11), (41, 8), (4, 7), (19, 6)]


def test_that_a_finished_cohort_is_not_assessed_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bench.run()
    monkeypatch.setattr(bench.session.assessor(), "assess_keeping", lambda *of: pytest.fail("assessed again"))
    again = bench.run()
    assert again.rows == before.rows
    assert again.features is not None
    assert before.features is not None
    assert again.features.tobytes() == before.features.tobytes()


def test_that_other_labels_do_not_go_on_with_a_cohort(bench: Bench) -> None:
    bench.run()
    bench.samples.pop()
    with pytest.raises(ViewerError, match=r"other settings \(labels\)"):
        bench.run()
    assert len(bench.run(fresh=True)) == 8


def test_that_unreadable_files_cost_a_sentence_each(bench: Bench) -> None:
    bench.samples[2].path.write_bytes(b"")
    bench.samples[5].path.unlink()
    bench.samples[7].path.write_text("a letter", encoding="utf-8")
    cohort = bench.run()
    assert [file for file, _ in cohort.unread] == ["2.png", "5.png", "7.png"]
    assert cohort.unread[2][1] == "holds no image (text)"
    assert (len(cohort), cohort.record.rows, cohort.record.unread) == (6, 6, 3)
    assert sum("2.png" in note for note in bench.notes) == 1
    report_cohort(cohort, bench.session, QUICK)
    html = (bench.out / "index.html").read_text(encoding="utf-8")
    assert "3 cases could not be read or assessed" in html
    for sample in bench.samples:
        sample.path.unlink(missing_ok=True)
    with pytest.raises(ViewerError, match="none of the 9 labelled files could be read"):
        bench.run(fresh=True)


def test_that_a_labelled_frame_is_a_case_of_its_own(bench: Bench) -> None:
    clip = bench.clip(4, 6)
    bench.samples = [replace(clip, frame=frame) for frame in (5, 0, 9)] + bench.samples[:3]
    cohort = bench.run()
    assert [row["id"] for row in cohort.rows[:2]] == ["clip 4.gif#5", "clip 4.gif#0"]
    assert [cohort.frame(case) for case in range(3)] == [5, 0, 0]
    assert cohort.unread == (("clip 4.gif", "there is no frame 10, it has 6"),)


def test_that_the_report_shows_pictures_attention_and_pace(bench: Bench) -> None:
    cohort = bench.run()
    found = report_cohort(cohort, bench.session, QUICK)
    html = (bench.out / "index.html").read_text(encoding="utf-8")
    wrong = int((found.table.true != found.table.answer).sum())
    assert html.count("data:image/jpeg") == 2 * wrong > 0
    assert "Ratio to the bare forward pass" in html
    record = json.loads((bench.out / "report.json").read_text(encoding="utf-8"))
    assert record["pace"]["frames"] == 9
    assert record["pace"]["bare_ms"] > 0


def test_that_a_failing_explainer_costs_its_overlay(bench: Bench) -> None:
    failing = FakeExplainer(answer=raises(RuntimeError("no luck")))
    session = bench.with_plugins(explainers=[failing])
    report_cohort(bench.run(session), session, QUICK)
    html = (bench.out / "index.html").read_text(encoding="utf-8")
    assert "no luck" in html
    assert "data:image/jpeg" in html


def test_that_a_picture_that_is_gone_costs_only_itself(bench: Bench) -> None:
    cohort = bench.run()
    for sample in bench.samples[1:]:
        sample.path.unlink()
    report_cohort(cohort, bench.session, QUICK)
    assert "cannot be shown: " in (bench.out / "index.html").read_text(encoding="utf-8")


def test_that_cases_are_laid_out_on_a_map(bench: Bench) -> None:
    cohort = bench.run(mapped=True)
    assert cohort.map is not None
    assert cohort.map.shape == (9, 2)


@pytest.fixture
def labels(bench: Bench) -> Path:
    """A table of labels for the pictures."""
    path = bench.folder / "labels.csv"
    lines = [f"pictures/{s.path.name},{sorted(CLASSES)[s.label]},{s.group}" for s in bench.samples]
    path.write_text("\n".join(["file,kind,patient", *lines]), encoding="utf-8")
    return path


def words(bench: Bench, labels: Path) -> list[str]:
    asked = ["evaluate", str(bench.bundle), "--data", str(labels), "--label", "kind", "--group", "patient"]
    return [*asked, "--html", str(bench.out), "--no-map", "--draws", "20", "--device", "cpu"]


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's settings."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.mark.usefixtures("nobody")
def test_the_command_for_a_model_and_for_what_it_left(bench: Bench, labels: Path, capsys: Any) -> None:
    assert main(words(bench, labels)) == 0
    said = capsys.readouterr()
    assert "Cohen's κ" in said.out
    assert f"the report is {bench.out / 'index.html'}" in said.err
    first = json.loads((bench.out / "report.json").read_text(encoding="utf-8"))
    assert main(["evaluate", str(bench.out / CASES), "--html", str(bench.folder / "again"), "--draws", "20"]) == 0
    again = json.loads((bench.folder / "again" / "report.json").read_text(encoding="utf-8"))
    assert again == first
    assert "data:image/jpeg" in (bench.folder / "again" / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("nobody")
def test_that_what_is_missing_is_said_in_one_sentence(bench: Bench, labels: Path, capsys: Any) -> None:
    for asked, said in (
        (["evaluate", "tiny"], "is taken for a model: name the pictures with --data"),
        (["evaluate", "tiny", "--data", str(labels)], "name the folder for cases and report with --html"),
        (["evaluate", "t.csv", "--data", str(labels)], "is taken for a table of predictions"),
        ([*words(bench, labels), "--map-class", "blue=round"], "no file has the label blue"),
    ):
        assert main(asked) == 2
        err = capsys.readouterr().err
        assert said in err
        assert "Traceback" not in err


@pytest.mark.usefixtures("nobody")
def test_that_two_models_are_evaluated_and_compared(bench: Bench, labels: Path, tmp_path: Path, capsys: Any) -> None:
    other = tiny_bundle(tmp_path, name="other", seed=3)
    command = words(bench, labels)
    assert main([*command[:2], str(other), *command[2:]]) == 0
    assert "paired by id" in capsys.readouterr().out
    record = json.loads((bench.out / "report.json").read_text(encoding="utf-8"))
    assert record["names"] == ["tiny 1", "other 1"]
    assert record["n"] == 9
    for place in (bench.out, bench.out / "a", bench.out / "b"):
        assert (place / "index.html").exists()
    assert read_cohort(bench.out / "b").record.bundle == "other"
    compared = ["compare", str(bench.out / "a" / CASES), str(bench.out / "b" / CASES), "--draws", "20"]
    assert main([*compared, "--html", str(tmp_path / "again")]) == 0
    again = json.loads((tmp_path / "again" / "report.json").read_text(encoding="utf-8"))
    assert {**again, "names": record["names"], "summary": 0} == {**record, "summary": 0}
    only = len(record["only_a_right"]) + len(record["only_b_right"])
    assert (tmp_path / "again" / "index.html").read_text(encoding="utf-8").count("data:image/jpeg") == only > 0


@pytest.mark.usefixtures("nobody")
def test_that_a_table_beside_another_is_refused(labels: Path, capsys: Any) -> None:
    for asked in (["evaluate", "a.csv", "b.csv"], ["evaluate", "a.csv", "tiny"]):
        assert main(asked) == 2
        assert "two tables are compared by viewer compare" in capsys.readouterr().err
    assert main(["evaluate", "tiny", "tiny", "tiny"]) == 2


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_that_a_killed_run_goes_on(bench: Bench, labels: Path, tmp_path: Path) -> None:
    table = labels.read_text(encoding="utf-8").splitlines()
    for number in range(9, 200):
        sample = bench.picture(number)
        table.append(f"pictures/{sample.path.name},{sorted(CLASSES)[sample.label]},{sample.group}")
    labels.write_text("\n".join(table), encoding="utf-8")
    command = [sys.executable, "-m", "viewer", *words(bench, labels), "--batch", "4"]
    home = {name: str(tmp_path / "home") for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME")}
    process = subprocess.Popen(command, env={**os.environ, **home}, stdout=subprocess.DEVNULL)
    cases = bench.out / CASES
    deadline = time.monotonic() + 120
    while not (cases.exists() and len(cases.read_bytes().splitlines()) > 10) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    left = cases.read_bytes()
    assert not (bench.out / RECORD).exists()
    subprocess.run(command, env={**os.environ, **home}, check=True, stdout=subprocess.DEVNULL)
    assert cases.read_bytes().startswith(left[: left.rfind(b"\n") + 1])
    cohort = read_cohort(bench.out)
    assert len(cohort) == 200
    assert cohort.features is not None
    assert len(cohort.features) == 200
