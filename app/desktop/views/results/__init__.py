"""The results: the table of sounds, what is said above it, and the facts beside it."""
