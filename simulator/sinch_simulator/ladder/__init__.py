"""Shows the timeline of a call to people: as text, live on a terminal, and as a page."""

from sinch_simulator.ladder.app_words import words_of_page
from sinch_simulator.ladder.findings import condemned, kinds_of
from sinch_simulator.ladder.text import Ladder, quoted, render

__all__ = ["Ladder", "condemned", "kinds_of", "quoted", "render", "words_of_page"]
