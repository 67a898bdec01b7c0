"""Takes the steps about texts."""

from typing import assert_never

from attrs import field

from sinch_scenarios.language.expectations import differences
from sinch_scenarios.language.text_steps import ExpectMessage, SendBatch, TextIn, TextStep
from sinch_scenarios.playing.step_failures import StepFailed, compare, within_text
from sinch_scenarios.playing.timing import Timing
from sinch_simulator.client.control import Answer, ApplicationClient
from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import text_pattern
from sinch_simulator.phones.phonebook import normalised_address

_MOST_TOLD = 5


@define
class PlayedTexts:
    """The texts of one scenario. Those that a step has expected, and those that were there before, come no more."""

    application: ApplicationClient
    timing: Timing
    _seen: set[str] = field(factory=set)

    async def take(self, step: TextStep) -> None:
        """Takes a step. Raises ``StepFailed``, and ``SimulatorError`` for what is refused."""
        match step:
            case TextIn():
                await self.application.text_in({"from": step.source, "text": step.text, "to": step.to})
            case SendBatch():
                await self.application.send_batch(step.body)
            case ExpectMessage():
                await self._expect(step)
            case _:
                assert_never(step)

    async def _expect(self, step: ExpectMessage) -> None:
        async def look() -> Answer | None:
            candidates = await self._candidates(step)
            return next((each for each in candidates if not differences(step.checks, each)), None)

        found = await self.timing.until(look, step.within_ms)
        if found is not None:
            self._seen.add(found["id"])
            return
        candidates = await self._candidates(step)
        if candidates:
            compare(differences(step.checks, candidates[0]), f"the message to {candidates[0]['to']}")
        raise StepFailed(f"no such message went out{within_text(step.within_ms)}; {await self._told()}")

    async def _candidates(self, step: ExpectMessage) -> list[Answer]:
        """Lists the messages that this may be about, oldest first."""
        pattern = None if step.text is None else text_pattern(step.text)
        return [
            message
            for message in await self._outbound()
            if message["id"] not in self._seen
            and (step.to is None or normalised_address(step.to) == normalised_address(message["to"]))
            and (pattern is None or pattern.search(message["text"] or ""))
        ]

    async def _outbound(self) -> list[Answer]:
        return await self.application.messages(direction="outbound")

    async def _told(self) -> str:
        """Says what went out that no step has expected."""
        others = [each for each in await self._outbound() if each["id"] not in self._seen]
        if not others:
            return "messages since then: none at all"
        told = [f"to {each['to']}, {each['status']}: {each['text']}" for each in others[:_MOST_TOLD]]
        return f"messages since then: {'; '.join(told)}"
