"""What the demo library holds: sounds and scenes, in the formats and names of real libraries."""

from __future__ import annotations

from dataclasses import dataclass

from tokenalign.soundscapes.claims import Claim
from tokenalign.soundscapes.scenes import Placement


@dataclass(frozen=True)
class FilePlan:
    """A file to write.

    Attributes:
        path: below the library's folder; the suffix says the container.
        subtype: soundfile's name for the coding of the samples.
        sample_rate: in Hz.
        channels: how many.
        duration_s: the longest it may be; a single sound that dies away ends the file sooner.
        placements: what sounds when.
    """

    path: str
    subtype: str
    sample_rate: int
    channels: int
    duration_s: float
    placements: tuple[Placement, ...]


def _sound(
    path: str, subtype: str, sample_rate: int, channels: int, kind: str, duration_s: float
) -> FilePlan:
    placement = Placement(kind, 0.0, duration_s)
    return FilePlan(path, subtype, sample_rate, channels, duration_s, (placement,))


def _scene(
    path: str,
    subtype: str,
    sample_rate: int,
    channels: int,
    duration_s: float,
    *placements: tuple[str, float, float],
) -> FilePlan:
    placed = tuple(Placement(*placement) for placement in placements)
    return FilePlan(path, subtype, sample_rate, channels, duration_s, placed)


SOUNDS = (
    _sound("weather/rain on a roof.wav", "PCM_16", 44100, 2, "rain", 8),
    _sound("weather/Windböen am Deich.flac", "PCM_24", 48000, 1, "wind", 8),
    _sound("weather/thunder #2.wav", "PCM_24", 48000, 2, "thunder", 9),
    _sound("weather/campfire.aiff", "PCM_16", 44100, 1, "fire", 9),
    _sound("water/beach at Skagen.ogg", "VORBIS", 44100, 1, "sea_waves", 12),
    _sound("water/cellar drips.wav", "PCM_16", 32000, 1, "water_drops", 7),
    _sound("water/tea.mp3", "MPEG_LAYER_III", 44100, 1, "pouring_water", 6),
    _sound("water/bathroom 1.wav", "PCM_16", 22050, 1, "toilet_flush", 7),
    _sound("animals/Hofhund #1.wav", "FLOAT", 48000, 1, "dog_bark", 5),
    _sound("animals/Minka.mp3", "MPEG_LAYER_III", 48000, 1, "cat_meow", 4),
    _sound("animals/alp.flac", "PCM_16", 44100, 1, "cow_moo", 6),
    _sound("animals/Krähen im Feld.ogg", "VORBIS", 48000, 1, "crow_caw", 5),
    _sound("animals/garden 6 am.wav", "PCM_24", 96000, 2, "chirping_birds", 8),
    _sound("animals/august night.flac", "PCM_24", 96000, 1, "crickets", 8),
    _sound("animals/pond (mono).wav", "PCM_16", 32000, 1, "frog", 5),
    _sound("animals/window sill.wav", "PCM_16", 16000, 1, "fly_buzz", 5),
    _sound("animals/wood, midnight.aiff", "PCM_24", 48000, 2, "owl_hoot", 7),
    _sound("house/door 3x.wav", "PCM_16", 44100, 1, "door_knock", 4),
    _sound("house/attic door.flac", "PCM_16", 48000, 1, "door_creak", 4),
    _sound("house/stairs.wav", "PCM_24", 48000, 2, "footsteps", 6),
    _sound("house/kitchen clock.wav", "PCM_16", 44100, 1, "clock_tick", 8),
    _sound("house/06-30.mp3", "MPEG_LAYER_III", 44100, 1, "clock_alarm", 5),
    _sound("house/Omas Telefon.ogg", "VORBIS", 44100, 1, "telephone_ring", 6),
    _sound("house/Spieluhr.flac", "PCM_24", 44100, 2, "music_box", 9),
    _sound("house/living room carpet.wav", "PCM_16", 32000, 1, "vacuum_cleaner", 8),
    _sound("house/laundry.ogg", "OPUS", 48000, 1, "washing_machine", 9),
    _sound("office/notes.wav", "PCM_16", 48000, 1, "keyboard_typing", 5),
    _sound("office/desk 04.wav", "PCM_16", 22050, 1, "mouse_click", 4),
    _sound("workshop/oak plank.wav", "FLOAT", 44100, 1, "hand_saw", 5),
    _sound("workshop/Wald, Februar.flac", "PCM_16", 48000, 2, "chainsaw", 7),
    _sound("foley/window, one take.wav", "PCM_24", 96000, 1, "glass_breaking", 3),
    _sound("city/St. Marien.wav", "PCM_24", 48000, 2, "church_bells", 9),
    _sound("city/ambulance passes.mp3", "MPEG_LAYER_III", 32000, 1, "siren", 8),
    _sound("city/traffic jam.wav", "PCM_16", 16000, 1, "car_horn", 5),
    _sound("city/encore.flac", "PCM_16", 44100, 2, "applause", 7),
    _sound("city/31 December.wav", "PCM_24", 48000, 2, "fireworks", 7),
    _sound("transport/old van.wav", "PCM_16", 32000, 1, "engine", 8),
    _sound("transport/Güterzug.wav", "PCM_16", 44100, 2, "train", 8),
    _sound("transport/rescue 2.ogg", "VORBIS", 32000, 1, "helicopter", 9),
    _sound("transport/approach path.aiff", "PCM_16", 44100, 2, "airplane", 9),
)
"""One sound of every kind."""

# fmt: off
SCENES = (
    _scene("recorder/ZOOM0001.WAV", "PCM_24", 48000, 2, 18,
           ("dog_bark", 2.0, 3.0), ("rain", 7.0, 9.0)),
    _scene("recorder/ZOOM0002.WAV", "PCM_24", 48000, 2, 20,
           ("rain", 1.0, 9.0), ("dog_bark", 13.0, 4.0)),
    _scene("recorder/ZOOM0003.WAV", "PCM_16", 44100, 1, 16,
           ("glass_breaking", 2.5, 2.5), ("siren", 6.5, 7.0)),
    _scene("recorder/ZOOM0004.WAV", "PCM_16", 44100, 1, 15,
           ("siren", 1.0, 6.0), ("glass_breaking", 9.0, 2.5)),
    _scene("recorder/ZOOM0007 (surround).wav", "PCM_24", 48000, 6, 12,
           ("door_knock", 1.5, 2.0), ("footsteps", 5.0, 5.0)),
    _scene("atmos/Treppenhaus abends.flac", "PCM_24", 48000, 2, 14,
           ("footsteps", 1.0, 5.0), ("door_knock", 8.0, 3.0)),
    _scene("atmos/Spätsommer #3.flac", "PCM_24", 96000, 1, 20,
           ("thunder", 2.0, 6.0), ("church_bells", 10.0, 8.0)),
    _scene("atmos/Marktplatz 18 Uhr.ogg", "VORBIS", 44100, 1, 22,
           ("church_bells", 1.0, 8.0), ("thunder", 13.0, 7.0)),
    _scene("atmos/Montag früh.flac", "PCM_16", 44100, 1, 60,
           ("clock_alarm", 3.0, 5.0), ("vacuum_cleaner", 45.0, 8.0)),
    _scene("atmos/Samstag, Wohnung.wav", "PCM_16", 32000, 1, 30,
           ("vacuum_cleaner", 2.0, 7.0), ("clock_alarm", 22.0, 5.0)),
    _scene("session 12/office – take 1.wav", "FLOAT", 48000, 1, 14,
           ("telephone_ring", 1.0, 4.0), ("keyboard_typing", 7.0, 5.0)),
    _scene("session 12/office – take 2.wav", "FLOAT", 48000, 1, 15,
           ("keyboard_typing", 1.5, 5.0), ("telephone_ring", 8.5, 4.0)),
    _scene("session 12/level crossing.aiff", "PCM_16", 44100, 2, 22,
           ("train", 1.0, 9.0), ("car_horn", 13.0, 4.0)),
    _scene("session 12/rush hour final FINAL.mp3", "MPEG_LAYER_III", 44100, 1, 20,
           ("car_horn", 2.0, 3.0), ("train", 8.0, 10.0)),
    _scene("session 12/Bauernhof 1.ogg", "OPUS", 48000, 1, 20,
           ("cow_moo", 1.5, 4.0), ("hand_saw", 8.0, 4.0), ("crow_caw", 14.5, 4.0)),
    _scene("session 12/Bauernhof 2.ogg", "VORBIS", 32000, 1, 20,
           ("hand_saw", 1.5, 4.0), ("cow_moo", 8.0, 4.0), ("crow_caw", 15.0, 4.0)),
    _scene("walks/coast path.wav", "PCM_24", 96000, 2, 14,
           ("sea_waves", 1.0, 12.0), ("chirping_birds", 4.0, 6.0)),
    _scene("walks/churchyard.flac", "PCM_16", 44100, 2, 16,
           ("church_bells", 1.0, 13.0), ("chirping_birds", 5.0, 6.0)),
    _scene("walks/camp, second night.wav", "PCM_16", 44100, 1, 15,
           ("fire", 1.0, 13.0), ("owl_hoot", 4.5, 6.0)),
    _scene("walks/harbour & heliport.wav", "PCM_16", 22050, 1, 13,
           ("helicopter", 1.0, 11.0), ("siren", 4.0, 5.0)),
)
# fmt: on
"""Pairs of scenes with the same sounds in both orders, and four in which sounds overlap."""

ABSENCES = (
    Claim("church bells ring without birdsong", ("church_bells",), (), ("chirping_birds",)),
    Claim("waves without birds", ("sea_waves",), (), ("chirping_birds",)),
    Claim("a helicopter without a siren", ("helicopter",), (), ("siren",)),
    Claim("a crackling fire, no owl", ("fire",), (), ("owl_hoot",)),
)
"""Captions about what a file does not hold; the library has files that would spoil each."""

DEMO_CLAIMS = (
    Claim("a dog barks, then rain falls", in_order=("dog_bark", "rain")),
    Claim("a siren wails after glass breaks", in_order=("glass_breaking", "siren")),
    ABSENCES[0],
)
"""What `tokenalign demo` asks, and what it means."""

DEMO_QUERIES = tuple(claim.text for claim in DEMO_CLAIMS)
