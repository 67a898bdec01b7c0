"""What a Voice Relay has to say, as data: texts come in parts, a batch of them is spoken as one."""

from attrs import field

from sinch_simulator.core.values import define, frozen
from sinch_simulator.products.voice.svaml.model import Prompt


@frozen
class SpokenBatch:
    """What is spoken in one piece; ``number`` counts the batches of the call, from 1."""

    number: int
    prompt: Prompt
    interruptible: bool


@define(eq=False)
class RelayTalk:
    """What the app's server of one call has sent."""

    texts: list[str] = field(factory=list)
    """Parts of a batch whose last part has not come yet."""
    voice: str | None = None
    """Of that batch, where its first part has named one."""
    batches: list[SpokenBatch] = field(factory=list)
    """What is spoken now, and behind it what waits."""
    numbered: int = 0
    """How many batches there have been."""
