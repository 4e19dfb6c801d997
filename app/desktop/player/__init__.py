"""Playing: one stream to the sound card, fed by a callback."""
