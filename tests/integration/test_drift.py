"""Drift from the pictures to the light: what is recorded of a site's cases, and what an alarm does."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from viewer.cli import main
from viewer.domain.combination import distribution_function
from viewer.domain.drift import Case
from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, Modality
from viewer.domain.result import Light
from viewer.engine.bundle import Bundle, read_bundle
from viewer.host.discovery import PluginHost
from viewer.phantoms.cohort import lesion_cohort
from viewer.resources import shipped_bundles, site_record
from viewer.session.batch import Order, Watcher, assess_all
from viewer.session.session import Session
from viewer.session.site import Site
from viewer.settings import Settings
from viewer.store.site_record import SiteRecord

pytestmark = pytest.mark.integration

NAME = "phantom-lesion"
STRANGE = Case(predicted="melanoma", light=Light.AMBER, trust=0.02, suitability=0.3, fingerprint=0.4)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read_bundle(shipped_bundles() / NAME)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for number, lesion in enumerate(lesion_cohort(4, seed=505, lesions_per_patient=1)):
        Image.fromarray(lesion.pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def sessions() -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def make(**settings: object) -> Session:
        chosen = Settings(**settings)
        host = PluginHost(chosen)
        made.append(Session(chosen, host, explaining=False, record=lambda: SiteRecord(site_record())))
        return made[-1]

    yield make
    for session in made:
        session.close()


@pytest.fixture
def assess(pictures: Path, tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    def run(session: Session, notes: list[str] | None = None, **changes: object) -> list[dict[str, str]]:
        order = Order(paths=(pictures,), out=tmp_path / "out.csv", bundle=NAME, modality=Modality.DERMOSCOPY)
        order = replace(order, **changes)
        assess_all(session, order, Watcher([].append if notes is None else notes.append, lambda totals, file: None))
        with order.out.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return run


def seen(bundle: Bundle) -> list[Case | None]:
    with SiteRecord(site_record(), create=False) as record:
        return [entry.case for entry in record.entries(bundle.digest)]


def drift(bundle: Bundle, count: int = 30) -> None:
    """Have seen so many strange cases."""
    with SiteRecord(site_record()) as record:
        for number in range(count):
            record.add(bundle.digest, f"file {number}", STRANGE)


def test_that_every_case_is_recorded_once_however_often_it_is_assessed(sessions, assess, bundle, tmp_path):
    rows = assess(sessions())
    assess(sessions(), fresh=True)
    assess(sessions(), out=tmp_path / "again.csv")
    cases = seen(bundle)
    assert [case.predicted for case in cases] == [row["predicted"] for row in rows]
    assert [case.trust for case in cases] == [float(row["trust"]) for row in rows]
    assert [case.light.value for case in cases] == [row["light"] for row in rows]


def test_that_nothing_is_recorded_or_compared_where_the_setting_is_off(sessions, assess, bundle):
    drift(bundle)
    rows = assess(sessions(keep_site=False))
    assert "green" in {row["light"] for row in rows}
    assert len(seen(bundle)) == 30


def test_that_pictures_said_to_be_of_another_kind_are_no_cases_of_the_model(sessions, assess, bundle):
    assess(sessions(), modality=Modality.XRAY)
    assert not seen(bundle) if site_record().exists() else True


def test_that_an_alarm_makes_every_light_grey_and_says_why(sessions, assess, bundle):
    drift(bundle)
    rows = assess(sessions())
    assert {row["light"] for row in rows} == {"grey"}
    assert all(
        "the cases here have drifted from those the model was calibrated on: " in row["reason"] for row in rows
    )
    assert all("withdrawn until somebody recalibrates it or starts again" in row["reason"] for row in rows)
    assert len(seen(bundle)) == 34  # they count by what their numbers alone would have them be
    assert {case.light for case in seen(bundle)[30:]} != {Light.GREY}


def test_that_an_alarm_that_goes_off_during_a_run_is_told_at_its_end(sessions, assess, bundle, monkeypatch):
    session = sessions()
    told: list[str] = []
    strange = Session.count

    def count(self: Session, clip: Clip, case: Case | None) -> None:
        strange(self, clip, case)
        drift(bundle)  # another viewer has seen these meanwhile

    monkeypatch.setattr(Session, "count", count)
    rows = assess(session, notes=told)
    assert "green" in {row["light"] for row in rows}
    assert told[-1].startswith("every light will be grey from the next run on: the cases here have drifted")


def test_that_rows_judged_before_an_alarm_are_not_gone_on_with_after_it(sessions, assess, bundle):
    assess(sessions())
    drift(bundle)
    with pytest.raises(ViewerError, match=r"begun with other settings \(site\)"):
        assess(sessions())


def test_that_a_record_that_cannot_be_opened_is_told_once_and_stops_nothing(sessions, assess):
    site_record().parent.mkdir(parents=True)
    site_record().write_text("this is no database, although it is long enough to be one")
    session = sessions()
    told: list[str] = []
    session.notify = told.append
    assert len(assess(session)) == 4
    assert len(told) == 1
    assert "the cases seen here are not kept: " in told[0]


def test_that_starting_again_ends_an_alarm_for_every_viewer_that_is_open(bundle):
    drift(bundle)
    with SiteRecord(site_record()) as one, SiteRecord(site_record()) as other:
        here, there = Site(bundle, one), Site(bundle, other)
        assert here.view().drift.alarm == there.view().drift.alarm is not None
        assert here.start_again("reader").drift.alarm is None
        assert there.view().drift.cases == 0
        one.add(bundle.digest, "patient 9", STRANGE)
        assert here.view().cases == there.view().cases == (STRANGE,)


def test_that_a_patient_is_one_case_and_without_a_patient_a_file(bundle, pictures, tmp_path):
    copy = tmp_path / "copy.png"
    copy.write_bytes((pictures / "0.png").read_bytes())
    with SiteRecord(site_record()) as record:
        site = Site(bundle, record)

        def add(path: Path, patient: str = "") -> int:
            clip = Clip(path=path, frames=1, rows=8, columns=8, kind="raster", photometric="RGB", patient_id=patient)
            return site.add(clip, STRANGE).drift.cases

        assert [add(pictures / "0.png"), add(copy), add(pictures / "1.png")] == [1, 1, 2]
        assert [add(pictures / "2.png", "7"), add(pictures / "3.png", "7"), add(copy, "8")] == [3, 3, 4]


# The command --------------------------------------------------------------------------------------------------------


def combined(bundle: Bundle, row: dict[str, str]) -> str:
    return str(distribution_function(float(row["trust_softmax"]), bundle.distributions["softmax"]))


@pytest.fixture
def table(bundle: Bundle, tmp_path: Path) -> Callable[..., Path]:
    """A table as `viewer assess` writes it, from rows of the model's own calibration."""

    def write(wanted: Callable[[dict[str, str]], bool], name: str = "assessed.csv", **more: str) -> Path:
        rows = [
            {**row, "file": f"{number}.png", "error": "", "trust": combined(bundle, row), **more}
            for number, row in enumerate(bundle.rows("certify"))
            if wanted(row)
        ]
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path / name

    return write


def test_that_cases_like_those_of_the_calibration_raise_no_alarm(table, capsys):
    assert main(["drift", NAME, "--table", str(table(lambda row: int(row["group"], 16) % 2 == 0)), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["alarm"] is None
    assert record["cases"] == len(record["path"]) > 60
    assert record["calibration_groups"] == 187


def test_that_a_site_of_one_class_raises_an_alarm_in_words_with_its_own_status(table, tmp_path, capsys):
    out = tmp_path / "drift.json"
    strange = table(lambda row: row["predicted"] == "melanoma")
    assert main(["drift", NAME, "--table", str(strange), "--out", str(out)]) == 1
    words = capsys.readouterr().out
    assert words.startswith("Alarm after case 1")
    assert "more melanoma than usual (100 % since about case 1, " in words
    assert "At most 5 % of sites where nothing has changed ever see this alarm" in words
    assert json.loads(out.read_text(encoding="utf-8"))["alarm"]["parts"][0] == "classes"


def test_that_rows_of_one_patient_are_one_case_whatever_its_files(table, capsys):
    assert main(["drift", NAME, "--table", str(table(lambda row: True, group="one")), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "file,trust\na.png,0.5\n",
            "has no column p_keratosis; it takes the table of frames that viewer assess writes",
        ),
        ("file,p_keratosis\na.png\n", "row 2 is not as long as the header"),
    ],
)
def test_that_a_table_of_something_else_is_refused_in_one_sentence(content, words, tmp_path, capsys):
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    assert main(["drift", NAME, "--table", str(path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert len(error.splitlines()) == 1


def test_that_a_cell_that_is_no_number_is_refused_with_its_row(table, capsys):
    path = table(lambda row: True, trust="high")
    assert main(["drift", NAME, "--table", str(path)]) == 2
    assert "row 2 holds something that is no number" in capsys.readouterr().err


def test_that_the_record_of_this_computer_is_shown_and_reset(bundle, capsys):
    assert main(["drift", NAME, "--show"]) == 2
    assert "nothing has been seen on this computer yet" in capsys.readouterr().err
    drift(bundle)
    assert main(["drift", NAME]) == 1
    assert main(["drift", NAME, "--reset"]) == 0
    capsys.readouterr()
    assert main(["drift", NAME, "--show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 0
    assert seen(bundle)[-1] is None  # who started again is in the record, behind what was seen


def test_that_pictures_are_assessed_and_compared_without_keeping_anything(pictures, capsys):
    assert main(["drift", NAME, "--data", str(pictures), "--modality", "dermoscopy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 4
    assert not site_record().exists()
