"""The controls of the player."""
