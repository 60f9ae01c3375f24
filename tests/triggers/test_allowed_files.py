"""Which files senders may name, on a real disk with links, pipes and folders."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config import Settings, load_settings, packaged_file
from controller.triggers.allowed import Readable, named_file, named_path, plain_path, readable
from controller.triggers.answers import Sender
from embedding.errors import BadInput, BadOption

HERE = Sender("127.0.0.1", 5000)
ELSEWHERE = Sender("192.0.2.9", 5000)

unix_only = pytest.mark.skipif(os.name == "nt", reason="expected on Windows: paths are spelled as on Unix here")


class Disk:
    """Folders: `home` and `shared` may be read, the latter by other computers too; `private` by nobody."""

    def __init__(self, root: Path) -> None:
        self.home, self.shared, self.private = (root / name for name in ("home", "shared ü", "private"))
        for folder in (self.home, self.shared, self.private):
            folder.mkdir()
            (folder / "song.wav").write_bytes(b"RIFF")
        self.allowed = Readable((self.home, self.shared), (self.shared,))

    def file(self, text: object, sender: Sender = HERE) -> Path:
        return named_file(str(text), sender, self.allowed)

    def refusal(self, text: object, sender: Sender = HERE) -> str:
        with pytest.raises(BadInput) as caught:
            self.file(text, sender)
        return str(caught.value)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(Path(os.path.realpath(tmp_path)))


def test_senders_here_and_elsewhere(disk: Disk) -> None:
    assert disk.file(disk.home / "song.wav") == disk.home / "song.wav"
    assert disk.file(disk.shared / "song.wav") == disk.shared / "song.wav"
    assert disk.file(disk.shared / "song.wav", ELSEWHERE) == disk.shared / "song.wav"
    assert "may not be read; give a file below your home folder" in disk.refusal(disk.private / "song.wav")
    assert "allowed_folders in config.yaml" in disk.refusal(disk.private / "song.wav")
    assert "may not be read for 192.0.2.9" in disk.refusal(disk.home / "song.wav", ELSEWHERE)


@pytest.mark.parametrize(
    ("address", "is_here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("192.168.1.2", False), ("0.0.0.0", False)],
)
def test_who_is_on_this_computer(address: str, is_here: bool) -> None:
    assert Sender(address, 1).is_here is is_here


def test_dots_do_not_lead_out(disk: Disk) -> None:
    out = f"{disk.shared}/../private/song.wav"
    assert "may not be read" in disk.refusal(out)
    assert "may not be read" in disk.refusal(out, ELSEWHERE)
    assert disk.file(f"{disk.private}/../shared ü/song.wav", ELSEWHERE) == disk.shared / "song.wav"


@unix_only
def test_links_count_where_they_lead(disk: Disk) -> None:
    (disk.shared / "out.wav").symlink_to(disk.private / "song.wav")
    (disk.shared / "folder").symlink_to(disk.private)
    (disk.private / "in.wav").symlink_to(disk.shared / "song.wav")
    (disk.shared / "round.wav").symlink_to(disk.shared / "round.wav")
    for sender in (HERE, ELSEWHERE):
        assert "may not be read" in disk.refusal(disk.shared / "out.wav", sender)
        assert "may not be read" in disk.refusal(disk.shared / "folder" / "song.wav", sender)
    assert disk.file(disk.private / "in.wav") == disk.shared / "song.wav"
    assert "may not be read" in disk.refusal(disk.private / "in.wav", ELSEWHERE)
    assert re.search("cannot be read|no such file", disk.refusal(disk.shared / "round.wav"))


@unix_only
def test_a_folder_that_is_allowed_may_itself_be_a_link(disk: Disk, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(disk.private)
    for sender in (HERE, ELSEWHERE):
        for named in (link, disk.private):
            assert named_file(f"{named}/song.wav", sender, Readable((link,), (link,))) == disk.private / "song.wav"


def test_one_file_may_be_allowed(disk: Disk) -> None:
    (disk.private / "other.wav").write_bytes(b"RIFF")
    one = Readable((disk.private / "song.wav",), ())
    assert named_file(str(disk.private / "song.wav"), HERE, one) == disk.private / "song.wav"
    with pytest.raises(BadOption, match="may not be read"):
        named_file(str(disk.private / "other.wav"), HERE, one)


def test_others_are_not_told_what_lies_where_they_may_not_look(disk: Disk) -> None:
    there, missing = (disk.refusal(disk.private / name, ELSEWHERE) for name in ("song.wav", "gone.wav"))
    assert there.replace("song.wav", "") == missing.replace("gone.wav", "")


def test_what_is_no_audio_file_is_said(disk: Disk) -> None:
    (disk.home / "notes.txt").write_text("x", encoding="utf-8")
    (disk.home / "take.wav").mkdir()
    assert "did you mean song.wav?" in disk.refusal(disk.home / "sonk.wav")
    assert "no such file" in disk.refusal(disk.home / "sonk.wav")
    assert "is the path spelled right?" in disk.refusal(disk.home / "zzzzzzzz.flac")
    assert f"{disk.home / 'no'} is not there either: is the drive connected?" in disk.refusal(
        disk.home / "no" / "a.wav"
    )
    assert "no such file" in disk.refusal(disk.home / "song.wav" / "a.wav")
    assert "is a folder" in disk.refusal(disk.home)
    assert "is a folder" in disk.refusal(disk.home / "take.wav")
    assert "is not named as audio is; give a wav" in disk.refusal(disk.home / "notes.txt")
    assert "cannot be read" in disk.refusal(disk.home / ("a" * 400 + ".wav"))


@unix_only
def test_pipes_are_not_waited_for_and_closed_files_are_said(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(disk.home / "pipe.wav")
    assert "is a device or a pipe" in disk.refusal(disk.home / "pipe.wav")
    (disk.home / "song.wav").chmod(0)
    if os.geteuid() == 0:  # may open everything

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "open", refuse)
    assert re.search(r"may not be opened \(.*\); give .*Files and Folders\?", disk.refusal(disk.home / "song.wav"))


@pytest.mark.parametrize("suffix", [".WAV", ".aif", ".AIFF", ".flac", ".ogg", ".mp3"])
def test_the_kinds_of_audio(disk: Disk, suffix: str) -> None:
    file = disk.home / f"Ein Lied{suffix}"
    file.write_bytes(b"x")
    assert disk.file(file) == file


@unix_only
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/b c.wav", "/a/b c.wav"),
        ('"/a/b c.wav"', "/a/b c.wav"),
        ("/a/12:30.wav", "/a/12:30.wav"),
        ("~/b.wav", "~/b.wav"),
        ("~:/b.wav", "~/b.wav"),
        ("file:///a/b%20c.wav", "/a/b c.wav"),
        ("file://localhost/a/%C3%BC.wav", "/a/ü.wav"),
        ("FILE:/a/b.wav", "/a/b.wav"),
        ("file:///a/C# loop?.wav", "/a/C# loop?.wav"),
        ("file:///a/50%25.wav", "/a/50%.wav"),
        ("Macintosh HD:/Users/me/a b.wav", "/Users/me/a b.wav"),
        ("Macintosh HD:Users:me:a b.wav", "/Users/me/a b.wav"),
        ("a/b:c.wav", "a/b:c.wav"),
        (":a.wav", ":a.wav"),
    ],
)
def test_how_senders_write_paths(text: str, path: str) -> None:
    assert plain_path(text, windows=False, volumes=Path("/no volumes")) == path


def test_how_they_write_them_on_windows() -> None:
    for text, path in {
        "C:\\Users\\me\\a b.wav": "C:\\Users\\me\\a b.wav",
        '"C:\\Users\\me\\a b.wav"': "C:\\Users\\me\\a b.wav",
        "C:/Users/me/a.wav": "C:/Users/me/a.wav",
        "file:///C:/Users/a%20b.wav": "C:/Users/a b.wav",
        "file:/d:/a.wav": "d:/a.wav",
        "~/a.wav": "~/a.wav",
    }.items():
        assert plain_path(text, windows=True) == path


@unix_only
def test_another_drive_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "Samples SSD").mkdir()
    (tmp_path / "Macintosh HD").symlink_to("/")  # as on a Mac
    for text in ("Samples SSD:/loops/a.wav", "Samples SSD:loops:a.wav"):
        assert plain_path(text, False, tmp_path) == f"{tmp_path}/Samples SSD/loops/a.wav"
    boot = plain_path(f"Macintosh HD:{tmp_path}/Samples SSD", False, tmp_path)
    assert os.path.realpath(boot) == os.path.realpath(tmp_path / "Samples SSD")


@unix_only
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("song.wav", "'song.wav': is no absolute path; give all of it, or begin with ~"),
        ("./song.wav", "is no absolute path"),
        ("~nobody-of-that-name/a.wav", "is no absolute path"),
        ("file://server/a.wav", "is a file of server; give one of this computer, as file:///path"),
        ("file:song.wav", "is no absolute path"),
        ("C:/Users/me/a.wav", "is a path on a Windows drive"),
        ("file:///a%00.wav", "holds a zero character"),
        ("smb://server/a.wav", "is a URL; give a file of this computer"),
        ("https://example.com/a.wav", "is a URL"),
        ("", "is no absolute path"),
    ],
)
def test_what_is_no_path_here(disk: Disk, text: str, says: str) -> None:
    assert says in disk.refusal(text)


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, disk: Disk) -> None:
    monkeypatch.setenv("USERPROFILE" if sys.platform == "win32" else "HOME", str(disk.home))
    assert named_path("~/song.wav") == disk.home / "song.wav"
    assert disk.file("~/song.wav") == disk.home / "song.wav"


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        path = named_path(text)
    except BadOption:
        return
    assert path.is_absolute()


@given(st.text(max_size=60))
def test_no_text_leads_out_of_no_folder(text: str) -> None:
    for sender in (HERE, ELSEWHERE):
        with pytest.raises(BadInput):
            named_file(text, sender, Readable((), ()))


def settings_with(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_the_folders_of_settings_and_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(key, str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    settings = settings_with(tmp_path, "library: {folders: [drums]}\nallowed_folders: [shared]\n")
    allowed = readable(settings, [Path("named.wav")])
    here = ("home", "temporary", "drums", "named.wav", "shared")
    assert allowed == Readable(tuple(tmp_path / name for name in here), (tmp_path / "shared",))
    assert readable(load_settings(packaged_file())).elsewhere == ()
