"""Whatever apps, people and webhooks do, a session keeps its promises (generated sessions)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from support.random_sessions import play, random_story


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_session_keeps_its_promises(randomness: Any) -> None:
    play(random_story(randomness))
