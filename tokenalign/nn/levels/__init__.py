"""The levels that a caption and a clip are compared on, one idea a module."""
