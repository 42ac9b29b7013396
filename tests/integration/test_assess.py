"""`viewer assess` from files to tables, through a real network of random weights."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import Need, softmax
from viewer.domain.gate import Gate
from viewer.domain.image import Clip, Frame, Modality
from viewer.domain.result import Proposal, Score
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.bundle.files import WEIGHTS
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.host.discovery import PluginHost
from viewer.present.rows import SECOND_COLUMNS
from viewer.report.run_record import clips_path, record_path
from viewer.session.batch import Order, Totals, Watcher, assess_all
from viewer.session.folder import MISFIT
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.testing.bundles import tiny_bundle
from viewer.testing.fakes import FakeExplainer, FakeOpinion, FakeScorer, Hangs, entry_point, plugin_module, raises

pytestmark = pytest.mark.integration

PATIENT = "Doe^Jane"


class NoisySource:
    """A clip of reproducible noise; some frames may be broken."""

    def __init__(self, path: Path, frames: int, broken: frozenset[int]) -> None:
        self._broken = broken
        self.decoded: list[int] = []
        self.closed = False
        self.clip = Clip(
            path=path,
            kind="noise",
            frames=frames,
            rows=8,
            columns=8,
            photometric="RGB",
            frame_times_ms=tuple(40.0 * index for index in range(frames)),
            modality=Modality.DERMOSCOPY,
            patient_name=PATIENT,
            patient_id="4711-secret",
        )

    def decode(self, index: int) -> Frame:
        self.decoded.append(index)
        if index in self._broken:
            raise UnreadableFile(self.clip.path, reason=f"frame {index + 1} is damaged")
        noise = np.random.default_rng(index).integers(0, 256, (8, 8, 3), np.uint8)
        return Frame(values=noise, grey=None)

    def close(self) -> None:
        self.closed = True


class NoiseReader:
    """Reads files like `noise 20 6`: twenty frames, of which the seventh is broken."""

    name = "noise"

    def __init__(self) -> None:
        self.opened: list[NoisySource] = []

    def sniff(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"\x00noise")

    def open(self, path: Path) -> NoisySource:
        frames, *broken = map(int, path.read_text().split()[1:])
        self.opened.append(NoisySource(path, frames, frozenset(broken)))
        return self.opened[-1]


class Bench:
    """A session with plugins made in memory, a model and a folder for what it reads and writes."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        self.bundle = bundle
        self.out = folder / "out.csv"
        self.reader = NoiseReader()
        self.notes: list[str] = []
        self._sessions: list[Session] = []
        self.session = self.with_plugins(scorers=[FakeScorer("softmax")], explainers=[FakeExplainer()])

    def with_plugins(self, budget_s: float = 10.0, *, slow_scores: bool = False, **things: Any) -> Session:
        settings = Settings(batch_size=3, plugin_budget_s=budget_s, slow_scores=slow_scores)
        modules = {"fakes": plugin_module(**things), "reader": plugin_module(readers=[self.reader])}
        host = PluginHost(settings, entry_points=[entry_point(name, module) for name, module in modules.items()])
        self._sessions.append(Session(settings, host, bundle_folders=[self.bundle.parent]))
        return self._sessions[-1]

    def clip(self, name: str, frames: int, *broken: int) -> Path:
        path = self.pictures / name
        path.write_text(" ".join(map(str, ["\x00noise", frames, *broken])))
        return path

    def png(self, name: str, seed: int = 0) -> Path:
        noise = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), np.uint8)
        Image.fromarray(noise).save(self.pictures / name, "PNG")
        return self.pictures / name

    def order(self, **changes: Any) -> Order:
        order = Order(paths=(self.pictures,), out=self.out, bundle=str(self.bundle), modality=Modality.DERMOSCOPY)
        return replace(order, **changes)

    def run(self, session: Session | None = None, **changes: Any) -> Totals:
        watcher = Watcher(self.notes.append, lambda totals, file: None)
        return assess_all(session or self.session, self.order(**changes), watcher)

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


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_every_frame_has_a_row_and_every_clip_has_one(bench: Bench) -> None:
    bench.clip("a.noise", 7)
    bench.png("b.png")
    (bench.pictures / "notes.txt").write_text("not an image")
    totals = bench.run()
    rows = table(bench.out)
    assert [(row["frame"], row["time_ms"]) for row in rows] == [
        *((str(i), str(40.0 * i)) for i in range(7)),
        ("0", ""),
    ]
    assert all(
        abs(sum(float(row[f"p_{name}"]) for name in ("round", "jagged", "striped")) - 1) < 2e-6 for row in rows
    )
    assert all(row["trust"] == row["trust_softmax"] != "" for row in rows)
    assert {row["light"] for row in rows} == {"grey"}
    first, second = table(bench.out.with_suffix(".clips.csv"))
    assert (first["frames"], first["duration_ms"], second["frames"], second["duration_ms"]) == ("7", "280.0", "1", "")
    mean = sum(float(row["p_round"]) for row in rows[:7]) / 7
    assert float(first["p_round"]) == pytest.approx(mean, abs=1e-6)
    assert totals == Totals(files=2, frames=8, failed=0, skipped=1, resumed=0)
    assert bench.notes == [
        "assessing with the model tiny 1, made for dermoscopy",
        f"{bench.pictures / 'notes.txt'}: skipped, holds no image (text)",
    ]


def test_that_a_broken_frame_and_a_broken_file_cost_only_themselves(bench: Bench) -> None:
    bench.clip("a.noise", 9, 6)
    (bench.pictures / "b.png").write_bytes(bench.png("c.png").read_bytes()[:60])
    totals = bench.run()
    rows = table(bench.out)
    assert [row["error"] for row in rows[:9]] == [*[""] * 6, "frame 7 is damaged", *[""] * 2]
    assert (rows[9]["frame"], bool(rows[9]["error"]), rows[10]["error"]) == ("", True, "")
    assert (totals.frames, totals.failed) == (10, 2)
    clips = table(bench.out.with_suffix(".clips.csv"))
    assert clips[0]["error"] == "1 of 9 frames failed, most often: frame 7 is damaged"
    assert clips[0]["final"] == clips[0]["predicted"] != ""
    assert (clips[1]["final"], bool(clips[1]["error"])) == ("", True)
    assert all(source.closed for source in bench.reader.opened)


def test_that_files_with_broken_frames_are_named_aloud(bench: Bench) -> None:
    bench.clip("a.noise", 5, 2, 3)
    bench.run()
    assert bench.notes[1:] == [f"{bench.pictures / 'a.noise'}: 2 of 5 frames failed, most often: frame 3 is damaged"]


def test_that_where_nothing_opens_every_file_says_why(bench: Bench) -> None:
    (bench.pictures / "a.png").write_bytes(b"")
    with pytest.raises(ViewerError, match="there is no image to choose a model for"):
        bench.run(bundle=None, modality=Modality.UNKNOWN)
    assert bench.notes == [f"{bench.pictures / 'a.png'}: the file is empty"]


def test_that_json_lines_hold_the_same_rows_as_csv(bench: Bench) -> None:
    bench.clip("a.noise", 4, 1)
    bench.run()
    bench.run(out=bench.out.with_name("other.jsonl"))
    lines = [json.loads(line) for line in bench.out.with_name("other.jsonl").read_text("utf-8").splitlines()]
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in lines] == table(bench.out)


def test_that_frames_are_decoded_once_and_never_all_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.clip("a.noise", 40)
    sizes: list[int] = []
    bench.session.host.load()
    bench.session.use_bundle(str(bench.bundle), Modality.UNKNOWN)
    assess = bench.session.assessor().assess_keeping

    def counted(pictures: Any, *rest: Any) -> Any:
        sizes.append(len(pictures))
        return assess(pictures, *rest)

    monkeypatch.setattr(bench.session.assessor(), "assess_keeping", counted)
    bench.run()
    (source,) = [source for source in bench.reader.opened if source.decoded]
    assert source.decoded == list(range(40))
    assert max(sizes) == 3


def around(evidence: Any) -> list[Score]:
    """How probable the first class is over the frames around, and which of them are missing."""
    shares = softmax(evidence.clip)[:, :, 0]
    return [Score(trust=float(np.nanmean(row)), raw=float(np.isnan(row).sum())) for row in shares]


def test_that_frames_around_are_decoded_once_in_order_and_rows_do_not_depend_on_the_batch(bench: Bench) -> None:
    bench.clip("a.noise", 40, 0, 17, 18)
    bench.clip("b.noise", 2)
    bench.png("c.png")
    rows = []
    for batch in (1, 3, 64):
        asks = FakeScorer("around", around, needs=frozenset({Need.CLIP}))
        session = bench.with_plugins(scorers=[FakeScorer("softmax"), asks])
        session.settings = replace(session.settings, batch_size=batch)
        bench.run(session, fresh=True)
        rows.append(bench.out.read_bytes())
        decoded = [source.decoded for source in bench.reader.opened if source.decoded]
        assert decoded == [list(range(40)), [0, 1]]
        bench.reader.opened.clear()
    assert rows[0] == rows[1] == rows[2]
    told = table(bench.out)
    assert [row["frame"] for row in told if not row["trust_around"]] == ["0", "17", "18"]


def test_that_a_run_with_frames_around_cut_in_the_middle_of_a_clip_ends_with_the_same_table(
    bench: Bench, tmp_path: Path
) -> None:
    bench.clip("a.noise", 40, 11)
    asks = FakeScorer("around", around, needs=frozenset({Need.CLIP, Need.FEATURES}))
    session = bench.with_plugins(scorers=[asks], explainers=[FakeExplainer()])
    bench.run(session, html=tmp_path / "html")
    whole = bench.out.read_bytes()
    for kept in (3, 25, 39):
        bench.out.write_bytes(b"".join(whole.splitlines(keepends=True)[: kept + 1]))
        bench.out.with_suffix(".clips.csv").unlink()
        bench.reader.opened.clear()
        bench.run(session)
        assert bench.out.read_bytes() == whole
        (source,) = [source for source in bench.reader.opened if source.decoded]
        assert source.decoded == sorted(set(source.decoded))
        assert source.decoded[0] == max(kept - 15, 0)


def test_that_a_run_cut_at_any_byte_ends_with_the_same_tables(bench: Bench) -> None:
    bench.clip("a.noise", 2)
    bench.clip("b.noise", 3, 1)
    (bench.pictures / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    bench.run()
    clips = bench.out.with_suffix(".clips.csv")
    whole, whole_clips = bench.out.read_bytes(), clips.read_bytes()
    last_rows = len(b"".join(whole.splitlines(keepends=True)[:-3]))
    for length in [0, 10, *range(last_rows, len(whole) + 1, 3)]:
        bench.out.write_bytes(whole[:length])
        # The decision of a clip is written after its rows, so it is never there before them.
        clips.write_bytes(whole_clips[: length * len(whole_clips) // len(whole) // 2])
        bench.run()
        assert bench.out.read_bytes() == whole
        assert clips.read_bytes() == whole_clips
    for length in range(0, len(whole_clips), 5):
        clips.write_bytes(whole_clips[:length])
        totals = bench.run()
        assert clips.read_bytes() == whole_clips
    assert (totals.frames, totals.resumed, totals.failed) == (5, 5, 2)


def test_that_another_model_does_not_go_on_with_a_table(bench: Bench, tmp_path: Path) -> None:
    bench.clip("a.noise", 2)
    bench.run()
    before = bench.out.read_bytes()
    other = tiny_bundle(tmp_path, name="other", seed=1)
    with pytest.raises(ViewerError, match="was begun with the model tiny 1"):
        bench.run(bundle=str(other))
    assert bench.out.read_bytes() == before
    bench.run(bundle=str(other), fresh=True)
    assert bench.out.read_bytes() != before


def test_that_other_scorers_do_not_go_on_with_a_table(bench: Bench) -> None:
    bench.clip("a.noise", 2)
    bench.run()
    with pytest.raises(ViewerError, match=r"other plugins \(fakes/margin\)"):
        bench.run(bench.with_plugins(scorers=[FakeScorer("softmax"), FakeScorer("margin")]))


def test_that_a_scorer_that_raises_costs_its_own_column(bench: Bench) -> None:
    bench.clip("a.noise", 2)
    failing = FakeScorer("energy", raises(RuntimeError("no luck")))
    totals = bench.run(bench.with_plugins(scorers=[failing, FakeScorer("softmax")]))
    rows = table(bench.out)
    assert totals.failed == 0
    assert all(row["trust_energy"] == "" and row["trust_softmax"] != "" for row in rows)
    assert not any("energy" in row["reason"] for row in rows)  # it carries no weight, so it never touches the light


def test_that_a_weighted_scorer_that_raises_leaves_no_combined_trust(bench: Bench) -> None:
    bench.clip("a.noise", 2)
    bench.run(bench.with_plugins(scorers=[FakeScorer("softmax", raises(ValueError("bad")))]))
    assert {(row["trust"], row["light"]) for row in table(bench.out)} == {("", "grey")}


def test_that_a_scorer_that_hangs_is_switched_off_and_the_run_ends(bench: Bench) -> None:
    bench.clip("a.noise", 5)
    hangs = Hangs()
    totals = bench.run(bench.with_plugins(0.2, scorers=[FakeScorer("softmax", hangs)]))
    hangs.release()
    assert totals.frames == 5
    assert all("switched off for this session" in row["reason"] for row in table(bench.out))


def test_that_a_scorer_that_lies_is_not_believed(bench: Bench) -> None:
    bench.clip("a.noise", 2)
    bench.run(bench.with_plugins(scorers=[FakeScorer("softmax", lambda evidence: [])]))
    assert all(row["trust_softmax"] == "" for row in table(bench.out))


def test_that_the_first_opinion_decides_and_the_trail_says_so(bench: Bench) -> None:
    def says(final: int) -> Callable[[Any], list[Proposal]]:
        return lambda evidence: [Proposal(final=final, source="similar frames", reason="9 of 11")] * len(evidence)

    bench.clip("a.noise", 1)
    opinions = [
        FakeOpinion("broken", raises(RuntimeError("no luck"))),
        FakeOpinion("first", says(2)),
        FakeOpinion("second", says(1)),
    ]
    bench.run(bench.with_plugins(scorers=[FakeScorer("softmax")], opinions=opinions))
    (row,) = table(bench.out)
    assert row["final"] == "striped"
    assert row["trail"].startswith(f"classifier: {row['predicted']} › ")
    assert "unavailable (broken raised RuntimeError: no luck)" in row["trail"]
    assert row["trail"].endswith("similar frames: striped (9 of 11)")


def test_that_a_picture_of_another_kind_is_assessed_in_grey(bench: Bench, tmp_path: Path) -> None:
    bench.clip("a.noise", 1)
    bench.run(bundle=str(tiny_bundle(tmp_path, name="echo", modality=Modality.ULTRASOUND)))
    (row,) = table(bench.out)
    assert row["light"] == "grey"
    assert row["reason"].startswith("wrong kind of picture: it is dermoscopy, the model is for ultrasound")
    assert row["predicted"] != ""


def test_that_the_only_fitting_model_is_found_over_all_files(bench: Bench) -> None:
    bench.clip("a.noise", 1)
    bench.png("b.png")
    bench.run(bundle=None, modality=Modality.UNKNOWN)
    derm, unsaid = table(bench.out)
    assert derm["reason"].startswith("not certified")
    assert unsaid["reason"].startswith("nobody has said what kind of picture this is")


def test_that_without_a_fitting_model_the_choices_are_listed(bench: Bench) -> None:
    bench.png("b.png")
    with pytest.raises(ViewerError, match=r"do not say what they show: .* the models: tiny \(dermoscopy\)"):
        bench.run(bundle=None, modality=Modality.UNKNOWN)
    with pytest.raises(ViewerError, match=r"name one: tiny \(dermoscopy\)"):
        bench.run(bundle=None, modality=Modality.XRAY)
    assert not bench.out.exists()


def test_that_the_report_shows_pictures_and_hides_the_patient(bench: Bench, tmp_path: Path) -> None:
    bench.clip("<script>alert(1)<noise", 9, 4)
    bench.png("b.png")
    (bench.pictures / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    bench.run(html=tmp_path / "html")
    html = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "Research software, not a medical device." in html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert PATIENT not in html
    assert "4711-secret" not in html
    shots = html.count('alt="The picture as displayed"') - 1
    assert shots in (2, 3)  # the first, the last and the least trusted; the one in the middle is broken
    assert f"{shots} of 9 frames are shown" in html
    assert "not certified" in html
    assert html.rstrip().endswith("</html>")


def test_that_a_report_cut_anywhere_is_gone_on_with(bench: Bench, tmp_path: Path) -> None:
    for name in "abc":
        bench.clip(f"{name}.noise", 2)
    bench.run(html=tmp_path)
    path = tmp_path / "index.html"
    whole = path.read_bytes().rpartition(b"<h3>Summary")[0]
    for length in range(0, len(whole), len(whole) // 12):
        path.write_bytes(whole[:length])
        bench.run(html=tmp_path)
        assert path.read_bytes().rpartition(b"<h3>Summary")[0] == whole


def test_that_exit_status_and_sentences_tell_how_it_ended(
    bench: Bench, viewer: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = bench.png("a.png")
    words = ["assess", bench.pictures, "--bundle", bench.bundle, "--out", bench.out]
    assert viewer(*words) == 0
    (bench.pictures / "b.png").write_bytes(picture.read_bytes()[:60])
    assert viewer(*words) == 1
    assert viewer(*words) == 1  # also when there was nothing left to do
    capsys.readouterr()
    assert viewer("assess", bench.pictures / "none", "--out", bench.out) == 2
    assert capsys.readouterr().err == f"viewer assess: {bench.pictures / 'none'}: no such file or folder\n"
    assert viewer("assess", picture, "--bundle", "nope", "--out", bench.out) == 2
    assert capsys.readouterr().err.startswith("viewer assess: there is no model 'nope'; there are: ")
    assert viewer("assess", picture, "--bundle", bench.bundle, "--out", bench.out.with_suffix(".txt")) == 2
    with pytest.raises(SystemExit, match="2"):
        viewer("assess", picture, "--out", bench.out, "--batch", "0")
    assert capsys.readouterr().err.count("\n") == 2


def test_that_the_shipped_scorers_each_have_a_column(bench: Bench, viewer: Callable[..., int]) -> None:
    bench.png("a.png")
    assert viewer("assess", bench.pictures, "--bundle", bench.bundle, "--out", bench.out) == 0
    names = [name.removeprefix("trust_") for name in table(bench.out)[0] if name.startswith("trust_")]
    assert {"softmax", "margin", "mutual_information", "energy", "knn", "mahalanobis"} <= set(names)


def test_that_a_killed_run_goes_on_without_losing_or_repeating_a_row(
    bench: Bench, viewer: Callable[..., int], capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(60):
        bench.png(f"{number:03}.png", number)
    words = ["assess", str(bench.pictures), "--bundle", str(bench.bundle), "--batch", "1", "--out"]
    killed = subprocess.Popen([sys.executable, "-m", "viewer", *words, str(bench.out)])
    while killed.poll() is None and not (bench.out.exists() and bench.out.read_bytes().count(b"\n") > 10):
        with suppress(subprocess.TimeoutExpired):
            killed.wait(0.02)
    killed.kill()
    killed.wait()
    assert 10 < bench.out.read_bytes().count(b"\n") < 61
    straight = bench.out.with_name("straight.csv")
    assert viewer(*words, bench.out) == 0
    assert viewer(*words, straight) == 0
    assert bench.out.read_bytes() == straight.read_bytes()
    assert bench.out.with_suffix(".clips.csv").read_bytes() == straight.with_suffix(".clips.csv").read_bytes()
    assert "Traceback" not in capfd.readouterr().err


def gated(folder: Path) -> Path:
    """The tiny model with a gate of 200 made-up groups, whose pictures looked otherwise than any there are."""
    bundle = read_bundle(tiny_bundle(folder, name="gated"))
    engine = Engine(bundle, Architectures(), device="cpu", cache_bytes=0)
    evidence = engine.evidence([Picture(np.zeros((8, 8, 3), np.uint8))], frozenset({Need.LOOK}))
    assert evidence.look is not None
    random = np.random.default_rng(0)
    gate = Gate(
        scorers=("knn",),
        distances={"knn": random.random(200)},
        looks=(50 + random.normal(size=(200, evidence.look.shape[1]))).astype(np.float32),
        groups=np.arange(200),
        labels=np.arange(200) % 3,
    )
    return write_bundle(bundle.path, bundle.manifest, bundle.weights(), card="# gated\n", gate=gate).path


def test_that_a_folder_that_does_not_fit_as_a_whole_is_grey_and_says_so_once(bench: Bench, tmp_path: Path) -> None:
    model = str(gated(tmp_path))
    for number in range(24):
        bench.png(f"{number}.png", seed=number)
    bench.run(bundle=model)
    assert len(table(bench.out)) == 24
    assert all(row["light"] == "grey" and MISFIT in row["reason"] for row in table(bench.out))
    assert all(MISFIT in row["reason"] for row in table(clips_path(bench.out)))
    assert [note for note in bench.notes if MISFIT in note] == [f"every light will be grey: {MISFIT}"]
    before = bench.out.read_bytes()
    bench.run(bundle=model)  # going on with a finished run comes to the same
    assert bench.out.read_bytes() == before


def test_that_a_few_files_are_not_looked_at_as_a_whole(bench: Bench, tmp_path: Path) -> None:
    for number in range(19):
        bench.png(f"{number}.png", seed=number)
    bench.run(bundle=str(gated(tmp_path)))
    assert not any(MISFIT in row["reason"] for row in table(bench.out))
    assert not any("Comparing" in note for note in bench.notes)


def test_that_rows_of_a_folder_that_looked_otherwise_before_are_not_gone_on_with(
    bench: Bench, tmp_path: Path
) -> None:
    model = str(gated(tmp_path))
    for number in range(24):
        bench.png(f"{number}.png", seed=number)
    bench.run(bundle=model, paths=(bench.pictures / "0.png",))
    with pytest.raises(ViewerError, match=r"was begun with other settings \(folder\)"):
        bench.run(bundle=model)


OTHERS = ("jagged", "smooth")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return tiny_bundle(tmp_path, name="second", classes=OTHERS, seed=7)


@pytest.mark.parametrize("end", ["csv", "jsonl"])
def test_that_a_second_model_adds_its_columns_and_changes_nothing_else(bench: Bench, second: Path, end: str) -> None:
    bench.clip("a.noise", 7, 2)
    bench.png("b.png")
    alone, both = (bench.out.with_name(f"{name}.{end}") for name in ("alone", "both"))
    bench.run(out=alone)
    bench.run(out=both, second=str(second))
    assert "compared with the model second 1" in bench.notes
    before, after = ([dict(row) for row in rows_of(path)] for path in (alone, both))
    told = [{name: row.pop(name) for name in SECOND_COLUMNS} for row in after]
    assert after == before
    assert clips_path(alone).read_bytes() == clips_path(both).read_bytes()
    for row, answer in zip(before, told, strict=True):
        if row["error"]:
            assert not any(answer.values())
            continue
        assert answer["second_predicted"] in OTHERS
        assert 0.5 <= float(answer["second_probability"]) <= 1
        knows = row["predicted"] in OTHERS
        assert answer["second_agrees"] == (
            "" if not knows else "yes" if answer["second_predicted"] == row["predicted"] else "no"
        )


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(table(path))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_that_the_record_and_the_report_name_the_second_model_and_its_weights(
    bench: Bench, second: Path, tmp_path: Path
) -> None:
    bench.clip("a.noise", 2)
    bench.run(second=str(second), html=tmp_path / "html")
    weights = read_bundle(second).hashes[WEIGHTS]
    record = json.loads(record_path(bench.out).read_text("utf-8"))
    assert record["second"] == {"name": "second", "version": "1", "weights_sha256": weights}
    page = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "second 1, classes jagged, smooth" in page
    assert weights in page
    other = bench.out.with_name("alone.csv")
    bench.run(out=other)
    assert "second" not in json.loads(record_path(other).read_text("utf-8"))


def test_that_a_table_is_gone_on_with_only_beside_the_same_second_model(
    bench: Bench, second: Path, tmp_path: Path
) -> None:
    bench.clip("a.noise", 6)
    bench.run(second=str(second))
    whole = bench.out.read_bytes()
    bench.out.write_bytes(b"".join(whole.splitlines(keepends=True)[:4]))
    bench.run(second=str(second))
    assert bench.out.read_bytes() == whole
    with pytest.raises(ViewerError, match="was begun with the second model second 1"):
        bench.run()
    with pytest.raises(ViewerError, match="was begun with the second model second 1"):
        bench.run(second=str(tiny_bundle(tmp_path, name="third", seed=8)))


def test_that_a_second_model_that_does_not_fit_is_refused_before_anything_is_written(
    bench: Bench, tmp_path: Path
) -> None:
    bench.clip("a.noise", 2)
    clips = tiny_bundle(tmp_path, name="clips", modality=Modality.ULTRASOUND)
    for name, why in ((str(clips), "made for ultrasound"), (str(bench.bundle), "answers"), ("none", "no model")):
        with pytest.raises(ViewerError, match=why):
            bench.run(second=name)
    assert not bench.out.exists()


def test_that_a_second_model_whose_network_cannot_be_built_leaves_its_columns_empty(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.session, "notify", bench.notes.append)
    bench.clip("a.noise", 4)
    sound = read_bundle(tiny_bundle(tmp_path, name="broken", seed=2))
    strange = replace(sound.manifest, architecture="unheard_of")
    path = write_bundle(tmp_path / "strange", strange, sound.weights(), card=sound.card).path
    totals = bench.run(second=str(path))
    assert totals.failed == 0
    assert [row["second_predicted"] for row in table(bench.out)] == [""] * 4
    assert all(row["predicted"] for row in table(bench.out))
    (said,) = [note for note in bench.notes if "broken does not answer from here on" in note]
    assert "unheard_of" in said


def test_that_the_command_line_takes_a_second_model(
    viewer: Callable[..., int], bundle: Path, second: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, out = tmp_path / "a.png", tmp_path / "out.csv"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 30, 3), np.uint8)).save(picture)
    words = ["assess", picture, "--bundle", bundle, "--modality", "dermoscopy", "--out", out]
    assert viewer(*words, "--second", second) == 0
    assert "compared with the model second 1" in capsys.readouterr().err
    (row,) = table(out)
    assert row["second_predicted"] in OTHERS
    assert viewer(*words, "--fresh", "--second", "nobody") == 2
    assert "there is no model 'nobody'" in capsys.readouterr().err


def views(evidence: Any) -> list[Score]:
    """How many mirrored views there are."""
    return [Score(trust=1.0 / found.shape[0]) for found in evidence.views]


def test_that_slow_scores_have_their_column_where_they_are_wished_for_and_change_nothing_else(bench: Bench) -> None:
    bench.clip("a.noise", 3)
    bench.png("b.png")
    slow = FakeScorer("slow", views, needs=frozenset({Need.LOGITS, Need.VIEWS}))
    bench.run(bench.with_plugins(scorers=[FakeScorer("softmax"), slow]))
    usual = table(bench.out)
    assert "trust_slow" not in usual[0]
    bench.run(bench.with_plugins(slow_scores=True, scorers=[FakeScorer("softmax"), slow]), fresh=True)
    with_slow = table(bench.out)
    assert [row.pop("trust_slow") for row in with_slow] == ["0.5"] * 4
    assert with_slow == usual


def test_that_the_command_asks_slow_scorers_for_one_run(
    viewer: Callable[..., int], bundle: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)).save(picture)
    order = ("assess", picture, "--bundle", bundle, "--modality", "dermoscopy", "--out")
    for name, more in (("usual.csv", ()), ("slow.csv", ("--slow",))):
        assert viewer(*order, tmp_path / name, *more) == 0
    slow = {"trust_attention_under_flips"}
    assert slow == table(tmp_path / "slow.csv")[0].keys() - table(tmp_path / "usual.csv")[0].keys()
