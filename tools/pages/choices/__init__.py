"""Every rule and choice beside the moves: how we know it, and the test that shows it."""

from typing import Final

from tools.pages.choices import answers, course, goods, places, telling
from tools.pages.choices.choice import Choice

CHOICES: Final = tuple(
    Choice(topic, *row)
    for part in (goods, course, places, answers, telling)
    for topic, rows in part.TOPICS.items()
    for row in rows
)
"""All of them, by topic."""
