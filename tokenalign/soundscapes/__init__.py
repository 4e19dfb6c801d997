"""Everyday sounds made by arithmetic alone: single sounds, scenes, and the demo library."""

from __future__ import annotations

from tokenalign.soundscapes.kinds import KINDS, Kind, render

__all__ = ["KINDS", "Kind", "render"]
