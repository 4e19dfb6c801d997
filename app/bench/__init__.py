"""Measurements of speed and size: each figure beside that of a peer, taken in the same run."""
