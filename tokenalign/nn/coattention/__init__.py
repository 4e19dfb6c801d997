"""Co-attention: captions and clips that read each other, pair by pair, layer upon layer."""
