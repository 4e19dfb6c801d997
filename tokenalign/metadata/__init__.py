"""What sound files say of themselves: descriptions, categories, scenes and takes, as text."""

from __future__ import annotations

from tokenalign.metadata.fields import in_order
from tokenalign.metadata.reading import READER, metadata_in, read_metadata

__all__ = ["READER", "in_order", "metadata_in", "read_metadata"]
