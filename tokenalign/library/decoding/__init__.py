"""Child processes that open the user's files, so that one that crashes or hangs harms nothing."""
