"""The tests; a package by name, as some installed packages bring a `tests` of their own."""
