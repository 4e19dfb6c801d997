"""Groundings taken elsewhere: label files for editors and players, JSON, and spans as WAV."""

from __future__ import annotations

from tokenalign.labels.files import LABEL_SUFFIXES, write_labels
from tokenalign.labels.shape import grounding_shape, json_text, result_shape
from tokenalign.labels.span import write_span

__all__ = [
    "LABEL_SUFFIXES",
    "grounding_shape",
    "json_text",
    "result_shape",
    "write_labels",
    "write_span",
]
