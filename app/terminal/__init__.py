"""The terminal's commands, one file a verb, and what they draw with."""
