"""Findings taken elsewhere: labels for editors and players, lists, JSON, and spans as WAV."""

from __future__ import annotations

from tokenalign.labels.files import LABEL_FORMATS, LABEL_SUFFIXES, write_labels
from tokenalign.labels.lists import LIST_SUFFIXES, write_list
from tokenalign.labels.shape import grounding_shape, json_text, result_shape
from tokenalign.labels.span import write_span

__all__ = [
    "LABEL_FORMATS",
    "LABEL_SUFFIXES",
    "LIST_SUFFIXES",
    "grounding_shape",
    "json_text",
    "result_shape",
    "write_labels",
    "write_list",
    "write_span",
]
