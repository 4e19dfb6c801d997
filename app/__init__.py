"""The program: the terminal commands, and room for the window."""
