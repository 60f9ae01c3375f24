"""config.yaml: found, read, checked. The file at the repository's root is the packaged one and holds every default."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from platformdirs import user_cache_path, user_config_path, user_music_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from controller.files import expanded
from controller.notations import grid_setting, region_setting, texts_setting, transpositions_setting
from embedding.errors import BadConfig

APP_NAME = "JacqueesBot"
ENVIRONMENT_KEY = "JACQUEESBOT_CONFIG"
ABLETON_OSC_PORTS = (11000, 11001)

Network = Literal["slim", "han2016"]
Device = Literal["cpu", "cuda", "mps", "auto"]
Policy = Literal["mcts", "greedy", "random"]
StageKind = Literal["simulated", "live"]
POLICIES: tuple[str, ...] = get_args(Policy)
ScoreSource = Literal["offline", "loopback", "resampling"]
STAGE_KINDS: tuple[str, ...] = get_args(StageKind)
SCORE_SOURCES: tuple[str, ...] = get_args(ScoreSource)
SHORTHANDS = {"embedding": "network"}
"""Sections for which one value may stand: `embedding: han2016` is `embedding: {network: han2016}`."""


def _as_path(value: object, info: ValidationInfo) -> object:
    """Paths are text in the file: ~ is the home folder, relative ones count from the file's folder."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("should be a path in quotes, or null where the comment says so")
    folder: Path = (info.context or {}).get("folder", Path())
    return Path(os.path.abspath(folder / expanded(value)))  # noqa: PTH100 - resolve() would follow links


def _free_port(value: int) -> int:
    if value in ABLETON_OSC_PORTS:
        raise ValueError("should be another port: 11000 and 11001 are AbletonOSC's")
    return value


FilePath = Annotated[Path, BeforeValidator(_as_path)]
Folders = Annotated[tuple[FilePath, ...], Field(strict=False)]
Grid = Annotated[int | None, BeforeValidator(grid_setting)]
Transpositions = Annotated[tuple[int, ...], BeforeValidator(transpositions_setting)]
Region = Annotated[str | None, BeforeValidator(region_setting)]
Choices = Annotated[tuple[str, ...], BeforeValidator(texts_setting), Field(strict=False)]
Most = Annotated[int | None, Field(ge=1)]
Port = Annotated[int, Field(ge=1, le=65535), AfterValidator(_free_port)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class EmbeddingSettings(_Section):
    network: Network
    weights: FilePath | None
    device: Device


class RewardWeights(_Section):
    """In the order of `embedding.reward.TERMS`."""

    timbre: float = Field(ge=0)
    pitch: float = Field(ge=0)
    balance: float = Field(ge=0)
    spectrum: float = Field(ge=0)
    onsets: float = Field(ge=0)

    @model_validator(mode="after")
    def _some_weight(self) -> RewardWeights:
        if not any(self.in_order()):
            raise ValueError("should hold at least one weight above 0")
        return self

    def in_order(self) -> tuple[float, ...]:
        return self.timbre, self.pitch, self.balance, self.spectrum, self.onsets


class RewardSettings(_Section):
    name: Literal["default", "paper"]
    timbre: Literal["cnn", "mfcc"]
    weights: RewardWeights

    def in_order(self) -> tuple[float, ...]:
        """The terms' weights as `embedding.reward` takes them; those of `paper` are not a matter of choice."""
        from embedding.reward import weights_named

        return weights_named("paper") if self.name == "paper" else self.weights.in_order()


class SearchSettings(_Section):
    policy: Policy
    budget_seconds: float = Field(gt=0)
    seed: int = Field(ge=0)
    tracks: int = Field(ge=1)
    polyphony: Most
    density: Most
    repeats: Most
    min_length_seconds: float = Field(ge=0)
    quietest_db: float | None = Field(le=0)
    transpose_semitones: Transpositions
    grid: Grid
    grid_strength: float = Field(ge=0, le=1)
    only: Choices
    forbid: Choices
    keep: Choices
    region: Region
    tail_seconds: float = Field(ge=0)


class StageSettings(_Section):
    kind: StageKind
    sample_rate_hz: Literal[44100, 48000]
    set_tempo: Literal["when_empty", "never", "always"]
    samples_folder: FilePath | None
    loopback: Annotated[str, Field(min_length=1)] | None
    output: str = Field(min_length=1)
    checkpoint_improvements: int = Field(ge=1)


class OscSettings(_Section):
    host: str = Field(min_length=1)
    controller_port: Port
    display_port: Port
    script_port: Port
    token_file: FilePath | None
    when_busy: Literal["refuse", "queue"]


class LibrarySettings(_Section):
    folders: Folders
    cache_folder: FilePath | None


class Settings(_Section):
    """Every choice of config.yaml, under the file's own keys."""

    embedding: EmbeddingSettings
    reward: RewardSettings
    search: SearchSettings
    stage: StageSettings
    osc: OscSettings
    library: LibrarySettings
    target_folder: FilePath | None
    jobs_folder: FilePath | None
    allowed_folders: Folders

    @property
    def cache_folder(self) -> Path:
        return self.library.cache_folder or user_cache_path(APP_NAME, appauthor=False)

    @property
    def samples_folder(self) -> Path:
        return self.stage.samples_folder or user_music_path() / APP_NAME / "Samples"

    @property
    def covers_folder(self) -> Path:
        return self.jobs_folder or user_music_path() / APP_NAME / "Covers"


def packaged_file() -> Path:
    """Beside this module where JacqueesBot is installed; at the repository's root in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "config.yaml"
    return installed if installed.is_file() else here.parent / "config.yaml"


def user_file() -> Path:
    return user_config_path(APP_NAME, appauthor=False) / "config.yaml"


def find_config(named: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The file with the settings: `named`, else the environment's, ./config.yaml, the user's, the packaged one.

    Raises BadConfig where `named` or the environment's is no file: what was asked for by name is not skipped.
    """
    for source, value in (("--config", named), (f"${ENVIRONMENT_KEY}", environment.get(ENVIRONMENT_KEY))):
        if value:
            file = expanded(value)
            if not file.is_file():
                raise BadConfig(f"{source} {file}: no such file; give a YAML file (is the path spelled right?)")
            return file
    for file in (Path("config.yaml"), user_file()):
        if file.is_file():
            return file
    return packaged_file()


def load_settings(file: Path) -> Settings:
    """The packaged defaults with the keys of `file` in their place. BadConfig where that cannot be read or is wrong."""
    own = _read(file)
    merged = _merge(_read(packaged_file()), {key: _written_out(key, value) for key, value in own.items()})
    try:
        return Settings.model_validate(merged, context={"folder": file.absolute().parent})
    except ValidationError as why:
        raise BadConfig(f"{file}: {_explain(why)}") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(why, "problem", None) or "not YAML"
        raise BadConfig(f"{file}{line}: {problem}; give `key: value` lines (indented with spaces?)") from why
    except (OSError, UnicodeDecodeError) as why:
        raise BadConfig(f"{file}: cannot be read as UTF-8 text ({why}); give a YAML file") from why
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise BadConfig(f"{file}: holds {type(document).__name__} {document!r:.40}; give `key: value` lines")
    return document


def _written_out(key: str, value: object) -> object:
    return {SHORTHANDS[key]: value} if key in SHORTHANDS and isinstance(value, str) else value


def _merge(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        section = base.get(key)
        merged[key] = _merge(section, value) if isinstance(section, dict) and isinstance(value, dict) else value
    return merged


def _explain(why: ValidationError) -> str:
    """The first error as: dotted key, value, what is allowed, the likely mistake."""
    error = why.errors()[0]
    key = ".".join(str(part) for part in error["loc"])
    value = error["input"]
    if error["type"] == "extra_forbidden":
        known = list(_known_keys(Settings))
        return f"{key}: {value!r:.60}: unknown key; {_nearest_key(key, known)}"
    if error["type"] in ("model_type", "model_attributes_type"):
        inside = ", ".join(k.removeprefix(key + ".") for k in _known_keys(Settings) if k.startswith(key + "."))
        return f"{key}: {value!r:.60}: should be a section that holds {inside} (lines below it not indented?)"
    allowed = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "should")
    allowed = allowed.replace("valid tuple", "list in brackets, e.g. [one, two]")
    hint = ""
    if isinstance(value, str):
        choices = [c for c in str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ") if c]
        near = difflib.get_close_matches(value, [c.strip("'") for c in choices], n=1)
        hint = f" (did you mean {near[0]}?)" if near else " (a number in quotes?)" if _is_number(value) else ""
    return f"{key}: {value!r:.60}: {allowed}{hint}"


def _known_keys(section: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield prefix + name
            yield from _known_keys(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def _nearest_key(key: str, known: list[str]) -> str:
    """`did you mean search.seed?`, by the key's last part, else by all of it."""
    by_leaf = {k.rsplit(".", 1)[-1]: k for k in known}
    leaf = difflib.get_close_matches(key.rsplit(".", 1)[-1], list(by_leaf), n=1, cutoff=0.75)
    near = [by_leaf[leaf[0]]] if leaf else difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]}?" if near else "the packaged config.yaml lists every key"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
