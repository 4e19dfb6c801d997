"""Words of a known transcript on the time axis, by the attention of a speech model."""
