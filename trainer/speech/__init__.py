"""Text-aligned speech: spoken corpora, training, and how well words are placed."""
