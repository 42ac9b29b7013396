import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from viewer.assessment.course import Segment
from viewer.assessment.verdict import ClipVerdict
from viewer.domain.bundle import FieldOfView, Manifest
from viewer.domain.image import Modality
from viewer.domain.outline import Outline
from viewer.domain.result import (
    Exhibit,
    Explanation,
    Gallery,
    Light,
    Maps,
    Overlay,
    Placed,
    Placement,
    Scatter,
)
from viewer.present.placed import strip
from viewer.report.html import HtmlReport, Section, Shot
from viewer.testing.lights import CLASSES, basis, certificate, judged, row

CLIP = certificate(unit="clip", groups=120, decisions=120, missed_cases=1, benign_green=50)


def bundle(**changes: Any) -> Any:
    manifest = Manifest(
        name="made-up",
        version="1",
        architecture="none",
        classes=CLASSES,
        modality=Modality.DERMOSCOPY,
        intended_use="Tests.",
        licence="CC0-1.0",
        input_size=32,
    )
    values = {
        "manifest": manifest,
        "digest": "1",
        "card": "A card.",
        "combination": {"softmax": 3.0, "margin": 1.0},
        "certificate": certificate(),
        "clip_certificate": CLIP,
    }
    return SimpleNamespace(**{**values, **changes})


def section(light: Light, frames: int = 1) -> Section:
    verdict = ClipVerdict(
        classes=CLASSES,
        frames=frames,
        failed=0,
        probabilities=(0.72, 0.21, 0.07),
        predicted="nevus",
        final="nevus",
        least_trusted=0,
        trust=0.85,
        light=light,
        reason=judged(light).reason,
        error="",
    )
    shot = Shot(
        frame=0,
        time_ms=None,
        rgb=np.zeros((8, 8, 3), np.uint8),
        pixel_aspect=1.0,
        assessment=judged(light),
        explanations=(),
        view=FieldOfView(left=0, top=0, right=1, bottom=1),
    )
    return Section(file="a.png", frames=frames, duration_ms=None, verdict=verdict, shots=(shot,) * frames)


def report(folder: Path, *sections: Section, **changes: Any) -> str:
    with HtmlReport(folder, bundle(**changes), basis(clip_certificate=CLIP)) as made:
        for one in sections:
            made.add(one)
    return " ".join((folder / "index.html").read_text("utf-8").split())


def test_that_the_report_says_where_a_clip_is_not_the_same_throughout(tmp_path: Path) -> None:
    made = section(Light.AMBER, frames=90)
    parts = [Segment(first=0, last=29, name="nevus", probability=0.8)]
    assert "throughout" not in report(
        tmp_path / "a", replace(made, verdict=replace(made.verdict, course=tuple(parts)))
    )
    parts.append(Segment(first=30, last=89, name="melanoma", probability=0.8))
    html = report(tmp_path / "b", replace(made, verdict=replace(made.verdict, course=tuple(parts))))
    assert "Not the same throughout: frames 1–30 nevus, 31–90 melanoma." in html


def test_that_the_report_says_why_a_picture_has_its_light(tmp_path: Path) -> None:
    html = report(tmp_path, section(Light.AMBER))
    assert "Green from a combined trust of 59.0 %; here 45.0 %." in html
    assert "green from 70.0 %, the others as they are: 15 points short" in html
    assert '<b style="left: 70.00%"></b>' in html
    assert "<dt>Missed critical cases</dt><dd>2 of 100 green answers for other classes were melanoma;" in html
    assert "n = 120 groups" not in html.partition("<section")[2]  # a single picture is no clip


def test_that_the_report_says_what_a_clips_light_rests_on(tmp_path: Path) -> None:
    html = report(tmp_path, section(Light.GREEN, frames=2))
    assert "of green clips are wrong, 95 % confidence, n = 120 groups" in html.partition("<section")[2]


@pytest.mark.parametrize(
    ("changes", "claimed"),
    [({}, "at most 10 % of green answers are wrong"), ({"certificate": None}, "nothing was tested")],
)
def test_that_the_report_begins_with_what_is_claimed(tmp_path: Path, changes: dict[str, Any], claimed: str) -> None:
    head = report(tmp_path, **changes)
    assert f'<th scope="row">Claimed of single pictures</th><td>{claimed}' in head
    assert '<th scope="row">Claimed of whole clips</th><td>at most 10 % of green clips are wrong' in head


def test_that_a_gallery_shows_pictures_captions_and_placeholders_but_no_paths(tmp_path: Path) -> None:
    picture, large = np.full((64, 64, 3), 90, np.uint8), np.zeros((200, 300, 3), np.uint8)
    exhibits = (
        Exhibit(caption="what the network sees", picture=large),
        Exhibit(caption="nevus\nsimilar (0.93)\n<patient>", picture=picture, file="/home/Smith/a.png"),
        Exhibit(caption="melanoma\nnot close (0.41)"),
    )
    gallery = Gallery(title="Similar frames of other patients", items=exhibits, note="A note.")
    explained = Explanation(name="similar", title="Similar frames", plugin="p", result=(gallery,))
    plain = section(Light.GREY)
    html = report(tmp_path, replace(plain, shots=(replace(plain.shots[0], explanations=(explained,)),)))
    body = html.partition('<div class="gallery">')[2]
    assert "nevus<br>similar (0.93)<br>&lt;patient&gt;</figcaption>" in body
    assert body.count("data:image/jpeg") == 2
    assert body.count('class="large"') == 1
    assert '<div class="missing">no picture</div><figcaption>melanoma<br>not close (0.41)' in body
    assert "A note." in body
    assert "Smith" not in html


def test_that_maps_stand_beside_each_other_with_legend_words_and_note(tmp_path: Path) -> None:
    scatter = Scatter(
        title="Alike in answer",
        points=np.arange(12, dtype=np.float32).reshape(6, 2),
        kinds=np.arange(6) % 2,
        names=("b_lines", "a<b"),
        path=np.array([[0, 1], [4, 5]], np.float32),
        here=1,
        note="Near means similar.",
    )
    explanation = Explanation(
        name="map", title="Map", plugin="p", result=(scatter, replace(scatter, title="Alike as pictures"))
    )
    one = section(Light.AMBER)
    shot = replace(one.shots[0], explanations=(explanation,))
    html = report(tmp_path, replace(one, shots=(shot,)))
    assert html.count('<div class="drawing" role="img" aria-label="Alike') == 2
    assert "<strong>Alike as pictures.</strong> Classes of the 6 marks nearest to this frame: " in html
    assert html.count("this frame is number 2. Near means similar.") == 2
    assert re.findall(r"</svg>([^<]+)</li>", html)[:4] == ["b lines", "a&lt;b", "this frame", "the frames around it"]


def test_that_maps_side_by_side_and_places_have_pictures_words_and_numbers(tmp_path: Path) -> None:
    values = np.eye(28, dtype=np.float32)
    maps = Maps(
        title="Where the AI looks",
        items=(
            Overlay(title="This picture", values=values, unit="share of maximum"),
            Overlay(title="Difference", values=values, limits=(-1, 1), colour_map="coolwarm"),
        ),
        note="A note.",
    )
    place = Placement(
        title="Overlap <IoU>",
        value=0.1234,
        sample=np.linspace(0, 1, 50),
        share=0.03,
        high_is_usual=True,
        words="seldom",
    )
    compared = (maps, Placed(title="Comparisons", items=(place,), note="Among 50."))
    explained = Explanation(name="compared", title="Compared", plugin="p", result=compared)
    shot = replace(section(Light.GREEN).shots[0], explanations=(explained,))
    html = report(tmp_path, replace(section(Light.GREEN), shots=(shot,)))
    assert html.count('<figure><img src="data:image/jpeg') == 2
    assert 'alt="Difference: highest: upper left (1), lowest: upper left (0)"' in html
    assert "<span>-1</span><span></span><span>1</span>" in html
    assert "A note." in html
    assert "Overlap &lt;IoU&gt;" in html
    assert '<td class="number">0.123</td>' in html
    assert '3 % are as unlike<br><span class="quiet">seldom</span>' in html
    assert 'aria-label="Overlap &lt;IoU&gt;: 0.123, most others 0.1 to 0.9; 3 % are as unlike: seldom."' in html
    assert html.count("<rect") == sum(height > 0 for height in strip(place).heights)


def test_that_an_outline_is_drawn_over_a_picture_of_its_own_and_told(tmp_path: Path) -> None:
    outline = Outline(title="Outline of the <lungs>", values=np.eye(8, dtype=np.float32), legend="the edge")
    explained = Explanation(name="mask", title="Mask", plugin="p", result=(outline,))
    shot = replace(section(Light.GREEN).shots[0], explanations=(explained,))
    html = report(tmp_path, replace(section(Light.GREEN), shots=(shot,)))
    assert 'alt="Mask: Outline of the &lt;lungs&gt;"' in html
    assert "<figcaption>Mask: Outline of the &lt;lungs&gt; (the edge)</figcaption>" in html


def test_that_rows_of_one_family_are_folded_and_the_lowest_is_told(tmp_path: Path) -> None:
    rows = (
        row("attention", "Attention", 0.6),
        row("iou", "Overlap", 0.5, family="attention"),
        row("dice", "Dice", 0.1, family="attention"),
    )
    assessment = judged(Light.GREEN, rows=(*judged(Light.GREEN).rows, *rows))
    shot = replace(section(Light.GREEN).shots[0], assessment=assessment)
    html = report(tmp_path, replace(section(Light.GREEN), shots=(shot,)))
    fold = html[html.index("2 more like it") :]
    assert fold.index("(10 %)") < fold.index("lowest: Dice") < fold.index("</summary>") < fold.index("<td>Overlap")
    assert html.index("<td>Attention") < html.index("2 more like it")
