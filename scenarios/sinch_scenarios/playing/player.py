"""Plays a scenario against a simulator: takes each step in turn, until one fails or all are done.

A scenario has an application in a world of its own. Who answers the callbacks is no business of the player.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never
from urllib.parse import quote

from attrs import field

from sinch_scenarios.language import model as steps
from sinch_scenarios.language.events import OF_A_CALL
from sinch_scenarios.language.expectations import differences
from sinch_scenarios.language.model import Scenario, Step
from sinch_scenarios.language.text_steps import ExpectMessage, SendBatch, TextIn
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.playing.played_calls import PlayedCalls
from sinch_scenarios.playing.results import Failure, Result, Settings
from sinch_scenarios.playing.sessions import act_as, expect_event, expect_no_event, expect_session, start_call
from sinch_scenarios.playing.step_failures import StepFailed, compare, outcome_text, within_text
from sinch_scenarios.playing.texting import PlayedTexts
from sinch_scenarios.playing.timing import ClockChoice, Timing
from sinch_scenarios.playing.verifying import expect_verification, ladder, report, verify
from sinch_simulator.client.control import Answer, ApplicationClient, Client
from sinch_simulator.client.ended_calls import refuse_when_over
from sinch_simulator.client.errors import Refused, SimulatorError
from sinch_simulator.core.values import define
from sinch_simulator.ladder import condemned, quoted, render
from sinch_simulator.phones.behaviour import text_pattern
from sinch_simulator.phones.persona_document import persona_document

QUIET_KINDS = frozenset({"state", "timer.fired"})
LISTENING_STATES = frozenset({"IN_MENU", "IN_CONFERENCE", "CONNECTED"})


Afterwards = Callable[[ApplicationClient], Awaitable[None]]
"""Looks at the application of a scenario that has been played, before it is deleted."""


async def play(
    scenario: Scenario, client: Client, settings: Settings, *, callback_url: str | None, key: str | None = None,
    secret: str | None = None, others: Mapping[str, str] | None = None, afterwards: Afterwards | None = None,
) -> Result:  # fmt: skip
    """Plays a scenario in an application of its own, which is dropped once ``afterwards`` has looked at it.

    ``others`` are more of its settings, such as ``projectId``.

    Raises ``Refused`` when there is no simulator, or it does not take the application.
    """
    application = await client.create_application(
        {
            "clock": settings.clock.of_the_world,
            "seed": settings.seed,
            **webhook_settings(scenario, callback_url),
            "key": key,
            "secret": secret,
            "numbers": list(scenario.numbers or settings.numbers),
            **(others or {}),
        }
    )
    try:
        result = await play_in(scenario, application, settings)
        if afterwards is not None:
            await afterwards(application)
        return result
    finally:
        await application.delete()


def webhook_settings(scenario: Scenario, url: str | None) -> dict[str, Json]:
    """Returns the settings by which an application asks the app at this URL, in the Voice API that the app speaks."""
    # The bundled apps know classic SMS, whose events are signed like all others that they get.
    texts = "smsCallbackUrl" if scenario.sample is None else "classicSmsCallbackUrl"
    urls: dict[str, Json] = {"verificationCallbackUrl": url, texts: url}
    if not scenario.v2:
        return {"callbackUrl": url, **urls}
    behavior: Json = {"type": "NONE"} if url is None else {"type": "WEBHOOK", "webhook": {"url": url}}
    return {"callbackUrl": None, **urls, "protocol": "v2", "callBehavior": behavior}


async def play_in(
    scenario: Scenario, application: ApplicationClient, settings: Settings, *, earlier: frozenset[str] = frozenset()
) -> Result:
    """Plays a scenario in an application that is there already, and stays; ``earlier`` are ids of calls that it has."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    calls = PlayedCalls(application, earlier)
    timing = Timing(application, settings.clock, settings.background_s)
    player = _Player(scenario, application, calls, timing, PlayedTexts(application, timing))
    began_ms = await application.now_ms()
    found_before = len(await application.diagnostics())
    try:
        async with asyncio.timeout(settings.longest_s):
            failure = await player.play()
    except TimeoutError:
        failure = await player.failed(f"the scenario took longer than {settings.longest_s:g} real seconds")
    found = (await application.diagnostics())[found_before:]
    if failure is None and (bad := condemned(found, settings.fail_on | scenario.fail_on)):
        failure = await player.failed(f"every step was as expected, but there were findings: {'; '.join(bad)}")
    warnings = tuple(one for one in found if one["severity"] == "warning")
    simulated_s = (await application.now_ms() - began_ms) / 1000
    expected = frozenset(calls.expected_failures)
    return Result(scenario.file, scenario.name, loop.time() - began_s, simulated_s, failure, expected, warnings)


@define
class _Player:
    scenario: Scenario
    application: ApplicationClient
    calls: PlayedCalls
    timing: Timing
    texts: PlayedTexts
    position: int = field(init=False, default=0)
    rented: dict[str, str] = field(init=False, factory=dict)
    """Numbers, by the names that steps have given them."""

    async def play(self) -> Failure | None:
        """Takes every step; gives the failure of the first that is not so."""
        try:
            for address, persona in self.scenario.phones:
                await self.application.script(address, persona_document(persona))
            for position, step in enumerate(self.scenario.steps):
                self.position = position
                await self._take(step)
            await self._no_failed_callbacks()
        except (StepFailed, SimulatorError) as error:
            return await self.failed(str(error))
        return None

    async def failed(self, message: str) -> Failure:
        """Tells why the present step failed, with the ladders of all calls."""
        at = self.scenario.steps[self.position].at
        try:
            ladders = tuple(_ladder(call) for call in await self.calls.own_calls())
            ladders += tuple(ladder(each) for each in await self.application.verifications() if each["callId"] is None)
            cause = await self._failed_callback()
        except Refused:
            ladders, cause = (), None
        if cause is not None and cause not in message and "the outcome" not in message:
            message = f"{message}; {cause}"
        return Failure(self.position + 1, at.line, at.column, message, ladders)

    async def _take(self, step: Step) -> None:
        match step:
            case (
                steps.Dial()
                | steps.Callout()
                | steps.Join()
                | steps.StartCall()
                | steps.Verify()
                | steps.ExpectNewCall()
            ):
                await self._begin(step)
            case steps.ActAs():
                await act_as(self.calls, self.timing, step)
            case steps.ExpectSession():
                await expect_session(self.calls, self.timing, step)
            case steps.ExpectCallback():
                await self._expect_callback(step)
            case steps.ExpectNone():
                await self._expect_none(step)
            case steps.ExpectCall():
                await self._expect_call(step)
            case steps.Hear():
                await self._hear(step)
            case steps.Press() | steps.Speak():
                await self._use_phone(step)
            case steps.HangUp():
                call = self.calls.call(step.name)
                leg: dict[str, Json] = {} if step.leg is None else {"leg": step.leg.value}
                await self.calls.about_to_act(call, "hangup")
                await self.application.act(call.call_id, "hangup", leg)
            case steps.Update() | steps.Command() | steps.Kick():
                await self._use_rest(step)
            case steps.Report():
                await report(self.application, self.timing, step)
                await self._settle()
            case steps.ExpectVerification():
                await expect_verification(self.application, self.timing, step)
            case TextIn() | SendBatch() | ExpectMessage():
                await self.texts.take(step)
                await self._settle()
            case steps.Wait():
                await self.timing.wait(step.ms)
            case steps.Advance():
                await self.application.advance(step.ms)
            case steps.Fault():
                await self.application.control("POST", "/faults", step.rule)
            case steps.Rent():
                wanted = step.region, step.type
                self.rented[step.name] = await self.application.rent(*wanted, calls=step.calls, texts=step.texts)
            case steps.Release():
                await self.application.release(self.rented.get(step.number, step.number))
            case _:
                assert_never(step)

    # ---- beginning calls

    async def _begin(self, step: steps.BeginningStep) -> None:
        application = self.application
        match step:
            case steps.Dial():
                self.calls.begin((await application.dial(_arrival(step, self.rented)))["callId"], step.name)
            case steps.Callout():
                self.calls.begin(await application.call_out(step.body), step.name)
            case steps.Join():
                destination: Json = {"type": "number", "endpoint": step.to}
                callout: Json = {
                    "cli": application.number,
                    "destination": destination,
                    "conferenceId": step.conference,
                    "enableAce": False,
                    "enableDice": True,
                }
                body: dict[str, Json] = {"method": "conferenceCallout", "conferenceCallout": callout}
                self.calls.begin(await application.call_out(body), step.name)
            case steps.StartCall():
                await start_call(self.calls, self.timing, step)
            case steps.Verify():
                self.calls.begin(await verify(application, step), step.name)
                await self._settle()
            case steps.ExpectNewCall():
                await self._expect_new_call(step)
            case _:
                assert_never(step)

    async def _expect_new_call(self, step: steps.ExpectNewCall) -> None:
        found = await self.timing.until(self.calls.new_call, step.within_ms)
        if found is None:
            raise StepFailed(f"the app placed no call{within_text(step.within_ms)}")
        self.calls.begin(found["callId"], step.name)
        compare(differences(step.checks, found), f"the app's call to {found['to']}")

    # ---- expecting

    async def _expect_callback(self, step: steps.ExpectCallback) -> None:
        if step.event not in OF_A_CALL:
            await expect_event(self.calls, self.timing, step)
            return
        call = self.calls.call(step.name)
        what = step.event if step.notify_type is None else f"{step.event} {step.notify_type}"
        found = await self.timing.until(
            lambda: self.calls.next_callback(call, step.event, step.notify_type), step.within_ms
        )
        if found is None:
            instead = ", ".join(await self.calls.later_events(call)) or "none at all"
            raise StepFailed(f"no callback {what} came{within_text(step.within_ms)}; callbacks since then: {instead}")
        call.seen = found.position + 1
        record = found.record
        compare(differences(step.checks, record["request"]["body"]), f"callback {what}")
        self.calls.expect_outcome(record, step.outcome or "answered")

    async def _expect_none(self, step: steps.ExpectNone) -> None:
        if step.event not in OF_A_CALL:
            await expect_no_event(self.calls, self.timing, step)
            return
        call = self.calls.call(step.name)
        since = call.seen

        async def look() -> Answer | None:
            for record in (await self.application.callbacks(call.call_id))[since:]:
                if record["event"] == step.event and not differences(step.checks, record["request"]["body"]):
                    return record
            return None

        found = await look()
        if found is None and step.within_ms:
            await self.timing.wait(step.within_ms)
            found = await look()
        if found is not None:
            raise StepFailed(f"expected no callback {step.event}, and one came: {found['request']['body']}")

    async def _expect_call(self, step: steps.ExpectCall) -> None:
        call_id = self.calls.call(step.name).call_id

        async def look() -> bool | None:
            return None if differences(step.checks, await self.application.call(call_id)) else True

        if await self.timing.until(look, step.within_ms) is None:
            found = differences(step.checks, await self.application.call(call_id))
            compare(found or ["it was not so in time"], "the call")

    async def _hear(self, step: steps.Hear) -> None:
        call = self.calls.call(step.name)
        found = await self.timing.until(
            lambda: self.calls.next_heard(call, step.leg, step.text, earlier=step.earlier), step.within_ms
        )
        name, heard = await self.calls.heard_by(call, step.leg)
        mark = call.marks.get(name, 0)
        if found is None:
            before = [text for text in heard[:mark] if text_pattern(step.text).search(text)]
            hint = f"; heard before the last thing done or heard: {quoted(before)} (`earlier: true` counts it)"
            told = f"heard: {quoted(heard[mark:])}{hint if before else ''}"
            raise StepFailed(f'expected to hear "{step.text}"{within_text(step.within_ms)}, {told}')
        call.marks[name] = max(mark, found + 1)

    # ---- acting

    async def _use_phone(self, step: steps.Press | steps.Speak) -> None:
        call = self.calls.call(step.name)
        call_id, what = call.call_id, "press" if isinstance(step, steps.Press) else "speak"
        at_once = isinstance(step, steps.Press) and step.at_once
        if not at_once and await self.timing.until(lambda: self._listened_to(call_id), step.within_ms) is None:
            shown = await self.application.call(call_id)
            refuse_when_over(shown, what)
            state = f"the call is in the state {shown['state']}"
            raise StepFailed(f"nothing listened{within_text(step.within_ms)}: {state}")
        body: dict[str, Json] = {"digits": step.digits} if isinstance(step, steps.Press) else {"text": step.text}
        if step.leg is not None:
            body["leg"] = step.leg.value
        await self.calls.about_to_act(call, what, even_when_over=at_once)
        await self.application.act(call_id, what, body)

    async def _listened_to(self, call_id: str) -> bool | None:
        call = await self.application.call(call_id)
        in_v2 = call.get("bridgeName") is not None or call["menuId"] is not None
        return call["state"] in LISTENING_STATES or in_v2 or None

    async def _use_rest(self, step: steps.Update | steps.Command | steps.Kick) -> None:
        application = self.application
        if isinstance(step, steps.Kick) and step.conference is not None and step.name is None:
            await application.rest("DELETE", f"/calling/v1/conferences/id/{quote(step.conference, safe='')}")
            await self._settle()
            return
        call_id = self.calls.call(step.name).call_id
        match step:
            case steps.Update():
                if "commands" in step.svaml:
                    await application.instruct(call_id, step.svaml)
                    await self._settle()
                    return
                leg = "" if step.leg is None else f"/leg/{quote(step.leg)}"
                await application.rest("PATCH", f"/calling/v1/calls/id/{quote(call_id)}{leg}", step.svaml)
            case steps.Command():
                body: dict[str, Json] = {"command": step.command.value}
                await application.rest("PATCH", await self._participant(step.conference, call_id), body)
            case steps.Kick():
                await application.rest("DELETE", await self._participant(step.conference, call_id))
            case _:
                assert_never(step)
        await self._settle()

    async def _settle(self) -> None:
        if self.timing.clock is not ClockChoice.REALTIME:
            await self.application.advance(0)

    async def _participant(self, conference: str | None, call_id: str) -> str:
        """Gives the path of a participant; where the room is not named, once the call is in one."""

        async def look() -> str | None:
            found = (await self.application.call(call_id)).get("conferenceId")
            return found if isinstance(found, str) else None

        room = conference or await self.timing.until(look, steps.PATIENCE_MS)
        if room is None:
            raise StepFailed("the call is in no conference")
        return f"/calling/v1/conferences/id/{quote(room, safe='')}/{quote(call_id)}"

    async def _no_failed_callbacks(self) -> None:
        failed = await self._failed_callback()
        if failed is not None:
            raise StepFailed(f"every step was as expected, but {failed}")

    async def _failed_callback(self) -> str | None:
        """Finds the first callback that the app failed, and no step said it would."""
        for record in await self.calls.own_callbacks():
            if (
                record["outcome"] != "answered"
                and (record["id"], record["attempt"]) not in self.calls.expected_failures
            ):
                of = "call" if record["verificationId"] is None else "verification"
                about = f"{of} {record[f'{of}Id']}"
                return f"the app failed callback {record['event']} of {about}: {outcome_text(record)}"
        return None


def _arrival(step: steps.Dial, rented: Mapping[str, str]) -> dict[str, Json]:
    to = rented.get(step.to, step.to) if isinstance(step.to, str) else step.to
    headers: list[Json] = [{"key": key, "value": value} for key, value in step.headers]
    wanted: dict[str, Json] = {
        "from": step.source,
        "origin": step.origin.value,
        "to": to,
        "custom": step.custom,
        "rdnis": step.rdnis,
        "cli": step.cli,
        "callHeaders": headers or None,
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _ladder(call: Answer) -> str:
    title = f"call {call['callId']}: {call['origin']}, {call['from']} to {call['to']}, {call['state']}"
    return f"{title}\n{render(entry for entry in call['timeline'] if entry['kind'] not in QUIET_KINDS)}"
