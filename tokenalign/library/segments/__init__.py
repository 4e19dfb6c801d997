"""Vectors on disk: append-only files, their layout, their one writer and their readers."""
