"""The trainer's verbs, one a file: each maps options to one call and prints what it gives."""
