"""The library panel: folders, collections, indexing, problems and the model."""
