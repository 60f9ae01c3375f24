"""The Max patch and the Max for Live device as files, as far as they can be checked without Max. py2max has the facts
of Max's own reference pages: which objects there are, and their inlets and outlets."""

from __future__ import annotations

import json
import re
import struct
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from clients.make_clients import CONTROLLER_PORT, DISPLAY_PORT, write
from clients.max_patch import Box, Cord, Patch, message, patcher
from clients.panel import BUTTONS, HEIGHT, WIDTH
from controller.config import load_settings
from tests.real_parts import require_package

FOLDER = Path(__file__).parents[2] / "clients"
PATCH, DEVICE = FOLDER / "JacqueesBot.maxpat", FOLDER / "JacqueesBot.amxd"
Json = dict[str, Any]

TRIGGERS = {f"/jacquees/{name}" for name in ["cover", "stop", "keep", "undo", "status", "more", "variation", "again"]}
ANSWERS = ["/jacquees/status", "/jacquees/progress", "/jacquees/score", "/jacquees/done", "/jacquees/error"]


def chunks(amxd: bytes) -> dict[bytes, bytes]:
    """{name: content} of the chunks that follow one another up to the end of the file."""
    found, at = {}, 0
    while at < len(amxd):
        name, size = struct.unpack_from("<4sI", amxd, at)
        found[name] = amxd[at + 8 : at + 8 + size]
        assert len(found[name]) == size, f"{name!r} is cut off"
        at += 8 + size
    return found


def in_device(amxd: bytes) -> Json:
    patch: Json = json.loads(chunks(amxd)[b"ptch"].rstrip(b"\0"))["patcher"]
    return patch


def in_patch() -> Json:
    patch: Json = json.loads(PATCH.read_text(encoding="utf-8"))["patcher"]
    return patch


@pytest.fixture(params=["patch", "device"])
def made(request: pytest.FixtureRequest) -> Json:
    return in_patch() if request.param == "patch" else in_device(DEVICE.read_bytes())


def boxes(made: Json) -> dict[str, Json]:
    return {entry["box"]["id"]: entry["box"] for entry in made["boxes"]}


def cords(made: Json) -> list[tuple[str, int, str, int]]:
    return [(*entry["patchline"]["source"], *entry["patchline"]["destination"]) for entry in made["lines"]]


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    patch, device = write(tmp_path, CONTROLLER_PORT, DISPLAY_PORT)
    assert patch.read_text(encoding="utf-8") == PATCH.read_text(encoding="utf-8"), "python -m clients.make_clients"
    assert device.read_bytes() == DEVICE.read_bytes(), "python -m clients.make_clients"


def test_the_ports_are_those_of_config_yaml(config_file: Path) -> None:
    osc = load_settings(config_file).osc
    assert (osc.controller_port, osc.display_port) == (CONTROLLER_PORT, DISPLAY_PORT)
    assert f"list {osc.host} {osc.controller_port}" in (FOLDER / "JacqueesBot.pd").read_text(encoding="utf-8")


def test_other_ports_are_written_into_both(tmp_path: Path) -> None:
    write(tmp_path, 20000, 20001)
    for made in (
        json.loads((tmp_path / PATCH.name).read_text())["patcher"],
        in_device((tmp_path / DEVICE.name).read_bytes()),
    ):
        texts = {box.get("text") for box in boxes(made).values()}
        assert {"udpsend 127.0.0.1 20000", "udpreceive 20001"} <= texts


def test_max_knows_each_object_and_they_do_not_overlap(made: Json) -> None:
    """Findings about what lies outside the window do not count: it is as large as the panel, which it opens on."""
    require_package("py2max", "test")
    from py2max import Patcher
    from py2max.lint import lint

    assert [str(finding) for finding in lint(Patcher.from_dict(made)) if finding.code != "W-OFFCANVAS"] == []


def test_an_object_that_max_does_not_have_would_be_found() -> None:
    require_package("py2max", "test")
    from py2max import Patcher
    from py2max.lint import lint

    wrong = Box("a", "newobj", (20.0, 20.0), 1, (), "udpsent 127.0.0.1 1")
    document = patcher(Patch((wrong,), ()), (0.0, 0.0, 500.0, 500.0))
    assert [finding.code for finding in lint(Patcher.from_dict(document["patcher"]))] == ["W-UNKNOWN-OBJECT"]


def test_each_object_has_the_inlets_and_outlets_of_its_reference_page(made: Json) -> None:
    require_package("py2max", "test")
    from py2max.maxref import get_object_info

    for box in boxes(made).values():
        name, *arguments = box["text"].split() if box["maxclass"] == "newobj" else [box["maxclass"]]
        page = get_object_info(name)
        by_arguments = {
            "route": (len(arguments) + 1, len(arguments) + 1),
            "unpack": (1, len(arguments)),
            "trigger": (1, len(arguments)),
            "udpsend": (1, 0),  # its page counts none
        }
        expected = by_arguments.get(name, (len(page["inlets"]), len(page["outlets"])))
        assert (box["numinlets"], box["numoutlets"]) == expected, name


def test_each_cord_joins_an_outlet_with_an_inlet(made: Json) -> None:
    standing = boxes(made)
    assert len(standing) == len(made["boxes"])
    assert len(set(cords(made))) == len(made["lines"])
    for source, outlet, target, inlet in cords(made):
        assert 0 <= outlet < standing[source]["numoutlets"]
        assert 0 <= inlet < standing[target]["numinlets"]
    for box in standing.values():
        assert len(box.get("outlettype", [])) == box["numoutlets"]


def test_only_what_has_a_class_of_its_own_names_it(made: Json) -> None:
    """Any other object is a `newobj` whose text says what it is; a wrong class has crashed Live."""
    ours = {"message", "live.text", "live.comment", "flonum", "slider"}
    drop = "live.drop" if any(box.get("text") == "plugin~" for box in boxes(made).values()) else "dropfile"
    assert {box["maxclass"] for box in boxes(made).values()} == {"newobj", drop, *ours}


def test_it_opens_as_a_panel_on_which_nothing_overlaps(made: Json) -> None:
    assert made["openinpresentation"] == 1
    shown = {name: box["presentation_rect"] for name, box in boxes(made).items() if box.get("presentation")}
    assert {name for name, *_ in BUTTONS} | {"drop", "choose", "more", "state", "progress", "score", "words"} <= set(
        shown
    )
    for x, y, width, height in shown.values():
        assert min(x, y, width, height) >= 0
        assert x + width <= WIDTH
        assert y + height <= HEIGHT
    for (one, (ax, ay, aw, ah)), (other, (bx, by, bw, bh)) in combinations(shown.items(), 2):
        assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay, f"{one} and {other} overlap"


def test_each_trigger_has_a_button_and_reaches_udpsend(made: Json) -> None:
    standing = boxes(made)
    sent = {
        address
        for name, box in standing.items()
        for address in re.findall(r"/jacquees/\w+", box.get("text", ""))
        if "udpsend" in reached(made, name) and standing[name]["maxclass"] in ("message", "newobj")
    }
    assert sent == TRIGGERS
    for button in ("cover", "again", "variation", "stop", "keep", "undo", "status", "cover-file", "more"):
        assert standing[button]["maxclass"] == "live.text"
        assert "udpsend" in reached(made, button)


def test_a_file_is_sent_by_its_button_alone(made: Json) -> None:
    for source in ("drop", "choose", "dialog"):
        assert "remembered-file" in reached(made, source)
    joined = cords(made)
    assert ("address-file", 0, "remembered-file", 1) in joined, "the right inlet of zl.reg keeps without sending"
    assert [source for source, _, target, inlet in joined if (target, inlet) == ("remembered-file", 0)] == [
        "cover-file"
    ]


def test_each_answer_is_shown(made: Json) -> None:
    standing = boxes(made)
    assert standing["answers"]["text"].split() == ["route", *ANSWERS]
    for outlet, displays in enumerate(
        ({"state", "target", "progress", "score"}, {"progress", "stage"}, {"score"}, {"words"}, {"words"})
    ):
        onward = {target for source, out, target, _ in cords(made) if (source, out) == ("answers", outlet)}
        seen = set().union(*(reached(made, name) | {name} for name in onward))
        assert {name for name in seen if standing[name].get("presentation")} == displays


def test_audio_passes_through_the_device_left_to_left_and_right_to_right() -> None:
    device = in_device(DEVICE.read_bytes())
    texts = {name: box.get("text") for name, box in boxes(device).items()}
    signal = {(texts[a], outlet, texts[b], inlet) for a, outlet, b, inlet in cords(device) if texts[a] == "plugin~"}
    assert signal == {("plugin~", 0, "plugout~", 0), ("plugin~", 1, "plugout~", 1)}
    assert device["devicewidth"] == WIDTH


def test_the_device_is_an_audio_effect_in_the_container_that_live_reads() -> None:
    found = chunks(DEVICE.read_bytes())
    assert list(found) == [b"ampf", b"meta", b"ptch"]
    assert found[b"ampf"] == b"aaaa"
    assert len(found[b"meta"]) == 4
    assert found[b"ptch"].endswith(b"}\n\0")
    assert struct.pack(">I", in_device(DEVICE.read_bytes())["project"]["amxdtype"]) == b"aaaa"


def test_a_cord_that_ends_nowhere_or_a_second_box_of_a_name_is_refused() -> None:
    box = message("one", (0.0, 0.0), "bang")
    for patch in (
        Patch((box,), (Cord("one", 1, "one", 0),)),
        Patch((box,), (Cord("one", 0, "one", 2),)),
        Patch((box,), (Cord("one", 0, "two", 0),)),
        Patch((box, box), ()),
    ):
        with pytest.raises(ValueError, match="one"):
            patcher(patch, (0.0, 0.0, 100.0, 100.0))


def reached(made: Json, name: str) -> set[str]:
    """The boxes that something sent from `name` comes to, through any number of others."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        ahead = {target for source, _, target, _ in cords(made) if source in ahead} - found
        found |= ahead
    return found
