"""What doctor says of audio devices and the loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.capture.checks import audio_checks
from controller.checks import Check
from controller.config import load_settings
from tests.audio_servers import AudioServer


def checks(tmp_path: Path, loopback: str = "null") -> dict[str, Check]:
    file = tmp_path / "config.yaml"
    file.write_text(f"stage: {{loopback: {loopback}}}", encoding="utf-8")
    return {check.name: check for check in audio_checks(load_settings(file))}


def test_the_loopback_that_is_there_is_found(pulse: AudioServer, tmp_path: Path) -> None:
    found = checks(tmp_path)
    assert found["audio devices"].ok
    assert "daw_loopback (ALSA)" in found["audio devices"].found
    assert "; out: daw_out (ALSA)" in found["audio devices"].found
    assert found["loopback"].found == "daw_loopback (ALSA): loopback"
    assert checks(tmp_path, "daw.monitor")["loopback"].found == "daw.monitor (PulseAudio): monitor"
    assert checks(tmp_path, "daw_out")["loopback"].found == "daw_out (ALSA): as stage.loopback says"


def test_one_that_is_not_there_has_a_mend(pulse: AudioServer, tmp_path: Path) -> None:
    found = checks(tmp_path, "BlackHole")
    assert found["audio devices"].ok
    assert not found["loopback"].ok
    assert "'BlackHole': no input is called so" in found["loopback"].found
    assert "monitor of each output" in found["loopback"].mend
    found = checks(tmp_path, "daw")
    assert "several inputs are called so" in found["loopback"].found
    assert "stage.loopback in config.yaml" in found["loopback"].mend


def test_without_a_server_there_are_no_devices(pulse: AudioServer, tmp_path: Path) -> None:
    pulse.kill()
    found = checks(tmp_path)
    assert (found["audio devices"].mark, found["audio devices"].found) == ("note", "none")
    assert found["loopback"].mark == "note"
    assert checks(tmp_path, "daw.monitor")["loopback"].mark == "BAD"  # it was asked for


def test_without_portaudio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sounddevice raises this where it finds no library to load."""
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for check in checks(tmp_path).values():
        assert check.mark == "note"
        assert check.found == "PortAudio library not found"
        assert "Install" in check.mend


def test_where_portaudio_takes_the_process_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does with an ALSA configuration that has no device."""
    (tmp_path / "sounddevice.py").write_text("import os; os.abort()", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert [check.mark for check in checks(tmp_path).values()] == ["note", "note"]
