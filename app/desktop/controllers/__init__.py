"""What joins views, models, the library and the player; each file is one of the person's tasks."""
