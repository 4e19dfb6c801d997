"""A cross-attention for a bundle that is there already: taught beside its encoders, added to it."""
