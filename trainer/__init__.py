"""The trainer: data sets to scenes to models to bundles, and how good they are."""
