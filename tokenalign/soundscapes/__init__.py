"""Everyday sounds made by arithmetic alone: single sounds, scenes, and the demo library."""

from __future__ import annotations

from tokenalign.soundscapes.claims import Claim
from tokenalign.soundscapes.demo import (
    DemoCaption,
    DemoFile,
    demo_captions,
    write_demo_library,
)
from tokenalign.soundscapes.demo_plan import DEMO_CLAIMS, DEMO_QUERIES
from tokenalign.soundscapes.kinds import KINDS, Kind, render
from tokenalign.soundscapes.scenes import Event, Placement, Scene, mix_scene

__all__ = [
    "DEMO_CLAIMS",
    "DEMO_QUERIES",
    "KINDS",
    "Claim",
    "DemoCaption",
    "DemoFile",
    "Event",
    "Kind",
    "Placement",
    "Scene",
    "demo_captions",
    "mix_scene",
    "render",
    "write_demo_library",
]
