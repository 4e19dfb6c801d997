"""What the person chose, remembered in the platform's folder for settings."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

LIMIT = 1e9
"""No number in the settings is this large; what JSON calls NaN or Infinity is not either."""


@dataclass(frozen=True)
class Settings:
    """Choices of the person.

    Attributes:
        theme: "system", "light" or "dark".
        volume_db: of the player.
        device: name of the output device; empty for the system's own.
        bundle: name or path of the model; empty for the one that was asked for at start.
        speech: name or path of the bundle that times words; empty for an installed one.
        auto_play: selecting a sound plays it.
        rescan_at_start: look for new sounds when the window opens.
        watch_folders: look for new sounds whenever a folder changes.
        attention_shown: the timeline shows what each word listens to.
        spectrogram_shown: the timeline shows the spectrogram.
        panel_shown: the library panel is shown.
        export_folder: where exports go; empty for the platform's folder for music.
        layout: base64 of each part of the window, by name.
    """

    theme: str = "system"
    volume_db: float = 0.0
    device: str = ""
    bundle: str = ""
    speech: str = ""
    auto_play: bool = True
    rescan_at_start: bool = True
    watch_folders: bool = False
    attention_shown: bool = False
    spectrogram_shown: bool = True
    panel_shown: bool = True
    export_folder: str = ""
    layout: dict[str, str] = field(default_factory=dict)


class SettingsFile:
    """Settings, and the file that they are kept in.

    A damaged file is kept beside it and defaults are used; `trouble` says so in one line, and is
    empty otherwise. Who writes `text` to `path` is not decided here.

    Args:
        path: the JSON file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        self._unknown: dict[str, Any] = {}
        self.values = self._read()

    @classmethod
    def of_platform(cls) -> SettingsFile:
        """The platform's place, or $TOKENALIGN_CONFIG_DIR."""
        chosen = os.environ.get("TOKENALIGN_CONFIG_DIR")
        folder = Path(chosen) if chosen else platformdirs.user_config_path("tokenalign", False)
        return cls(folder / "window.json")

    def change(self, **changes: Any) -> None:
        """Change values; `text` is what is to be written."""
        self.values = replace(self.values, **changes)

    def text(self) -> str:
        """The file's new content; what a newer program wrote into it stays."""
        return json.dumps({**self._unknown, **asdict(self.values)}, indent=2) + "\n"

    def _read(self) -> Settings:
        try:
            return self._checked(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, RecursionError) as error:
            self._set_aside(error)
            return Settings()

    def _checked(self, told: Any) -> Settings:
        """Known values of the right kind; anything else keeps its default."""
        if not isinstance(told, dict):
            raise ValueError("not a JSON object")
        defaults = asdict(Settings())
        self._unknown = {name: value for name, value in told.items() if name not in defaults}
        return Settings(
            **{
                name: told[name]
                for name, default in defaults.items()
                if name in told and _same_kind(told[name], default)
            }
        )

    def _set_aside(self, error: Exception) -> None:
        kept = self.path.with_suffix(".damaged")
        self.trouble = f"{self.path}: the settings cannot be read, defaults are used: {error}"
        try:
            self.path.replace(kept)
        except OSError:
            return  # it cannot be moved: it stays where it is until settings are written
        self.trouble = f"{self.trouble} (the old file is kept as {kept.name})"


def _same_kind(value: object, default: object) -> bool:
    if isinstance(default, float):
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return False
        return abs(value) < LIMIT
    if isinstance(default, dict):
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return type(value) is type(default)
