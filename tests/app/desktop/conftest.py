"""What all tests of the window need."""

from __future__ import annotations

from app.desktop.references import keep_constants

keep_constants()  # as the program does; PySide would end the test run otherwise
