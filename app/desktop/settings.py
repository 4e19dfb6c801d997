"""What the person chose, remembered in the platform's folder for settings."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs


@dataclass(frozen=True)
class Settings:
    """Choices of the person.

    Attributes:
        theme: "system", "light" or "dark".
        volume_db: of the player.
        device: name of the output device; empty for the system's own.
        bundle: name or path of the model; empty for the one that was asked for at start.
        auto_play: selecting a sound plays it.
        rescan_at_start: look for new sounds when the window opens.
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
    auto_play: bool = True
    rescan_at_start: bool = True
    attention_shown: bool = False
    spectrogram_shown: bool = True
    panel_shown: bool = True
    export_folder: str = ""
    layout: dict[str, str] = field(default_factory=dict)


class SettingsFile:
    """Settings and the file that they are kept in.

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
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return self._checked(told)
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError) as error:
            self.trouble = f"{self.path}: the settings cannot be read, defaults are used: {error}"
            self._set_aside()
            return Settings()

    def _checked(self, told: Any) -> Settings:
        """Known values of the right kind; anything else keeps its default."""
        if not isinstance(told, dict):
            raise ValueError("not a JSON object")
        defaults = asdict(Settings())
        known = {
            name: value
            for name, value in told.items()
            if name in defaults and _same_kind(value, defaults[name])
        }
        names = {each.name for each in fields(Settings)}
        self._unknown = {name: value for name, value in told.items() if name not in names}
        return Settings(**known)

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(".damaged"))
        except OSError:
            return  # it cannot be moved: it stays where it is until settings are written


def _same_kind(value: object, default: object) -> bool:
    if isinstance(default, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is type(default)
