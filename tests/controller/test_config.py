from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from controller.config import RewardWeights, Settings, find_config, load_settings, packaged_file
from embedding.errors import BadConfig
from embedding.reward import NAMED_WEIGHTS, TERMS


def load(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_the_packaged_file_holds_every_key_with_a_comment() -> None:
    settings = load_settings(packaged_file())
    assert settings.search.budget_seconds == 30
    assert settings.osc.script_port == 19102
    lines = packaged_file().read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        opens_section = line.endswith(":")
        if ":" in line and not line.lstrip().startswith("#") and not opens_section:
            assert before.lstrip().startswith("#"), f"{line!r} has no comment above it"


def test_the_rewards_weights_are_those_of_the_reward() -> None:
    reward = load_settings(packaged_file()).reward
    assert tuple(RewardWeights.model_fields) == TERMS
    assert reward.in_order() == NAMED_WEIGHTS["default"]
    paper = reward.model_copy(update={"name": "paper"})
    assert paper.in_order() == NAMED_WEIGHTS["paper"]


def test_a_file_may_give_only_some_keys(tmp_path: Path) -> None:
    settings = load(tmp_path, "search: {seed: 7}\n")
    assert settings.search.seed == 7
    assert settings.search.tracks == load_settings(packaged_file()).search.tracks


@pytest.mark.parametrize("text", ["embedding: han2016", "embedding: {network: han2016}"])
def test_the_ears_are_chosen_by_one_word_or_by_key(tmp_path: Path, text: str) -> None:
    packaged = load_settings(packaged_file()).embedding
    assert packaged.network == "slim"
    assert load(tmp_path, text).embedding == packaged.model_copy(update={"network": "han2016"})


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "") == load_settings(packaged_file())


def test_paths_count_from_the_file_and_know_the_home_folder(tmp_path: Path) -> None:
    settings = load(tmp_path, "target_folder: sub/targets\njobs_folder: ~/covers\nlibrary: {folders: ['a ü', /b]}\n")
    assert settings.target_folder == tmp_path / "sub" / "targets"
    assert settings.jobs_folder == Path.home() / "covers"
    assert settings.library.folders == (tmp_path / "a ü", Path("/b").absolute())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("serch: {seed: 1}", r"serch: .*unknown key; did you mean search\?"),
        ("serach: {budget_seconds: 1}", r"serach: .*unknown key; did you mean search\?"),
        ("search: {sed: 1}", r"search\.sed: 1: unknown key; did you mean search\.seed\?"),
        ("budget_seconds: 3", r"budget_seconds: 3: unknown key; did you mean search\.budget_seconds\?"),
        ("zzzz: 1", r"zzzz: 1: unknown key; .*lists every key"),
        ("search: {budget_seconds: -1}", r"search\.budget_seconds: -1: should be greater than 0"),
        ("search: {budget_seconds: .inf}", r"search\.budget_seconds: inf: should be a finite number"),
        (
            "search: {budget_seconds: '30'}",
            r"search\.budget_seconds: '30': should be a valid number \(a number in quotes",
        ),
        ("search: {seed: true}", r"search\.seed: True: should be a valid integer"),
        ("search: {policy: greed}", r"search\.policy: 'greed': should be 'mcts', 'greedy' or 'random' .*mean greedy"),
        (
            "embedding: han2017",
            r"embedding\.network: 'han2017': should be 'slim' or 'han2016' \(did you mean han2016\?\)",
        ),
        ("embedding: {device: gpu}", r"embedding\.device: 'gpu': should be 'cpu', 'cuda', 'mps' or 'auto'"),
        ("embedding: {weights: 3}", r"embedding\.weights: 3: should be a path"),
        ("embedding: [slim]", r"embedding: \['slim'\]: should be a section that holds network, weights, device"),
        ("search: 3", r"search: 3: should be a section that holds policy"),
        ("stage: {sample_rate_hz: 22050}", r"stage\.sample_rate_hz: 22050: should be 44100"),
        ("osc: {script_port: 11000}", r"osc\.script_port: 11000: should be another port.*AbletonOSC"),
        ("osc: {script_port: 70000}", r"osc\.script_port: 70000: should be less than or equal to 65535"),
        ("library: {folders: one}", r"library\.folders: 'one': should be a list"),
        ("library: {folders: [3]}", r"library\.folders\.0: 3: should be a path"),
        ("reward: {timbre: 0.5}", r"reward\.timbre: 0\.5: should be 'cnn' or 'mfcc'"),
        (
            "reward: {weights: {timbre: 0, pitch: 0, balance: 0, spectrum: 0, onsets: 0}}",
            r"reward\.weights: .*at least one weight",
        ),
        ("- 1", r"holds list"),
        ("a: [", r"line 1: "),
        ("stage:\n\tkind: live", r"line 2: "),
    ],
)
def test_what_is_wrong_is_named_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadConfig, match=message) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "config.yaml"))
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadConfig, match="UTF-8"):
        load_settings(file)


def test_the_order_in_which_files_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, from_environment, here, users = (tmp_path / name for name in ("a.yaml", "b.yaml", "c/config.yaml", "d.yaml"))
    for file in (named, from_environment, here, users):
        file.parent.mkdir(exist_ok=True)
        file.write_text("", encoding="utf-8")
    monkeypatch.chdir(here.parent)
    monkeypatch.setattr("controller.config.user_file", lambda: users)
    environment = {"JACQUEESBOT_CONFIG": str(from_environment)}
    assert find_config(named, environment) == named
    assert find_config(None, environment) == from_environment
    assert find_config(None, {}).absolute() == here
    here.unlink()
    assert find_config(None, {}) == users
    users.unlink()
    assert find_config(None, {}) == packaged_file()


def test_a_file_asked_for_by_name_is_not_passed_over(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    with pytest.raises(BadConfig, match=r"--config .*missing\.yaml: no such file"):
        find_config(missing, {})
    with pytest.raises(BadConfig, match=r"\$JACQUEESBOT_CONFIG .*no such file"):
        find_config(None, {"JACQUEESBOT_CONFIG": str(missing)})


def test_the_home_of_nobody_is_a_folder_of_that_name(tmp_path: Path) -> None:
    settings = load(tmp_path, "jobs_folder: ~no-such-user/Covers")
    assert settings.jobs_folder == tmp_path / "~no-such-user" / "Covers"


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(ANYTHING | st.lists(ANYTHING, max_size=3))
def test_any_value_for_any_key_is_taken_or_refused_in_one_line(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for key in ("embedding", "search", "jobs_folder", "allowed_folders"):
            file = Path(folder) / "config.yaml"
            file.write_text(yaml.safe_dump({key: value}, allow_unicode=True), encoding="utf-8")
            assert len(complaint_about(file).splitlines()) <= 1


def complaint_about(file: Path) -> str:
    try:
        load_settings(file)
    except BadConfig as why:
        return str(why)
    return ""
