"""Makes one test's application, judges how its app answered, and drops it: the fixtures and hooks of the plugin."""

import json
import shlex
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import pytest
from attrs import define

from pytest_sinch.findings import show_warnings
from pytest_sinch.settings import Settings, number, option, settings_of, typed_id

if TYPE_CHECKING:
    from sinch_simulator.embedded.callback_views import Callback
    from sinch_simulator.embedded.sync_api import Application, Simulator
    from sinch_simulator.embedded.webhook import Webhook

NUMBER = "+14045550100"
"""What a test's application has, if its marker does not say otherwise."""

_DEADLOCK = (
    "A webhook that is served by the thread, or the event loop, of this test can't answer while the test waits: "
    "hand it to mount(), or serve it in a thread of its own."
)
_NO_URL = (
    "Nobody answers for this application: sinch.mount(app), set sinch.callback_url, or take the fixture sinch_webhook. "
    "With sinch_async mount() is awaited: without `await` it does nothing."
)
_LONGEST_LADDER = 150
_LONGEST_REPLY = 1500

_SERVER = pytest.StashKey["Simulator"]()


def server_of(config: pytest.Config) -> "Simulator":
    """Gives the simulator of a session; it starts when it is first asked for, and stops with pytest."""
    if _SERVER not in config.stash:
        server = config.stash[_SERVER] = _started(config)
        config.add_cleanup(server.stop)
    return config.stash[_SERVER]


def _started(config: pytest.Config) -> "Simulator":
    from sinch_simulator.client.errors import SimulatorError
    from sinch_simulator.embedded.sync_api import Simulator

    try:
        hosts = option(config, "allow-host", "").replace(",", " ").split()
        return Simulator(callback_timeout=number(config, "callback-timeout", "5"), allow_hosts=hosts).start()
    except SimulatorError as error:
        raise pytest.fail.Exception(f"sinch-simulator: {error}", pytrace=False) from None


@define(eq=False)
class ApplicationFixture:
    """A test's application, and the settings that the test has for it."""

    node: pytest.Item
    settings: Settings
    application: "Application"
    in_thread: bool
    """Whether the test waits in its own thread, and so can answer callbacks meanwhile."""

    @classmethod
    def open(cls, node: pytest.Item, server: "Simulator", *, in_thread: bool) -> "ApplicationFixture":
        """Makes a fresh application in a fresh world. Its ids follow from the test's name and the seed."""
        from sinch_simulator.client.errors import SimulatorError

        settings = settings_of(node)
        arguments = {"key": str(uuid5(NAMESPACE_URL, node.nodeid)), "numbers": [NUMBER], **settings.application}
        try:
            application = server.create_application(clock=settings.clock, seed=settings.seed, **arguments)
        except SimulatorError as error:
            raise pytest.fail.Exception(f"{node.nodeid}: sinch: {error}", pytrace=False) from None
        return cls(node, settings, application, in_thread)

    def open_webhook(self) -> "Webhook":
        """Opens a webhook for the application."""
        v2 = self.settings.application.get("protocol") == "v2"
        return self.application.webhook(patient=self.in_thread, v2=v2)

    def close(self) -> None:
        """Shows what was found, and drops the application: its test has ended."""
        show_warnings(self.node, self.application.diagnostics, self.settings.allowed)
        self.application.close(f"{self.node.nodeid} has ended, and with it its calls: do this within the test")

    def judge(self) -> None:
        """Fails the test when its app has failed a callback, and it did not allow that."""
        if self.settings.clock != "realtime":
            self.application.settle()
        failed = [each for each in self.application.failed_callbacks if self._condemns(each)]
        if failed:
            told = "\n\n".join(_told(each) for each in failed)
            events = ", ".join(dict.fromkeys(f"{each.event}:{each.outcome}" for each in failed))
            pytest.fail(
                f"the app failed {len(failed)} callback{'s' if len(failed) > 1 else ''} of this test\n\n{told}\n\n"
                f"If that is what the test is about: @pytest.mark.sinch(allow_failures=[...]) with {events}.",
                pytrace=False,
            )
        self._judge_findings()
        if self.settings.strict and (unmet := self.application.unmet):
            told = "\n".join(f"  {line}" for line in unmet)
            pytest.fail(f"strict: {unmet[0]}\n\nScripted, and not met:\n{told}", pytrace=False)

    def _judge_findings(self) -> None:
        from sinch_simulator.ladder import condemned

        bad = condemned(self.application.diagnostics, self.settings.fail_on, self.settings.allowed)
        if bad:
            told = "\n".join(bad)
            codes = ", ".join(line.split()[1] for line in bad)
            pytest.fail(
                f"fail_on: {codes}\n\n{told}\n\n"
                f"If that is what the test is about: @pytest.mark.sinch(allow_failures=[...]) with {codes}.",
                pytrace=False,
            )

    def _condemns(self, callback: "Callback") -> bool:
        return not callback.foreseen and self.settings.condemns(callback.event, callback.outcome)

    def sections(self, error: BaseException | None) -> list[tuple[str, str]]:
        """Shows the ladders of what the error does not show, and says how to have the same again."""
        from sinch_simulator.client.errors import NotSeen, ScenarioFailed, SimulatorError

        if isinstance(error, ScenarioFailed):
            return [("sinch: the same again", self._again())]
        told = error.call_id if isinstance(error, NotSeen) else None
        try:
            calls = self.application.calls
            shown = [
                (f"sinch call {index} of {len(calls)}: {call!r}", _shortened(call.ladder()))
                for index, call in enumerate(calls, start=1)
                if call.id != told
            ]
            shown += [
                (f"sinch verification: {each.method} of {each.number}, {each.status}", _shortened(each.ladder()))
                for each in self.application.verifications
                if each.call_id is None
            ]
            shown += _texts(self.application)
            if unmet := self.application.unmet:
                shown.append(("sinch: scripted, and not met", "\n".join(unmet)))
            if any(one["code"] == "NO_CALLBACK_URL" for one in self.application.diagnostics):
                shown.append(("sinch: no callback URL", _NO_URL))
        except SimulatorError:
            return []
        return [*shown, ("sinch: the same again", self._again())]

    def page(self, failure: str) -> list[tuple[str, str]]:
        """Writes the page of the failed test where one is asked for, and says where it is."""
        from pytest_sinch.failure_page import calls_of_key, folder_of, write_page
        from sinch_simulator.client.errors import SimulatorError

        folder = folder_of(self.node.config)
        if folder is None:
            return []
        server = server_of(self.node.config)
        try:
            calls = server.run(calls_of_key(server.client, self.application.key))
        except SimulatorError as error:
            return [("sinch: its calls as a page", f"not written: {error}")]
        written = write_page(folder, self.node.nodeid, calls, failure=failure, again=self._again())
        return [("sinch: its calls as a page", written)]

    def _again(self) -> str:
        """Says how to run the same again: ids and chance follow from the test's name and the seed."""
        node = shlex.quote(typed_id(self.node))
        return f"pytest {node} --sinch-clock={self.settings.clock} --sinch-seed={self.settings.seed}"


def _told(callback: "Callback") -> str:
    from sinch_simulator.ladder.steps import hint_of

    lines = [str(callback)]
    for found in callback.diagnostics:
        if found["severity"] == "error":
            where = f" at {found['path']}" if found["path"] else ""
            lines.append(f"  {found['code']}{where}: {found['message']}{_in_pytest(hint_of(found))}")
    if callback.outcome == "timeout":
        lines.append(f"  {_DEADLOCK}")
    if callback.outcome == "bad-status" and callback.reply:
        lines += ["  It answered:", *(f"    {line}" for line in _shown_reply(callback.reply))]
    return "\n".join(lines)


def _in_pytest(hint: str) -> str:
    """A hint, with the names that flags have in pytest."""
    return hint.replace(" --callback-timeout", " --sinch-callback-timeout")


def _shown_reply(reply: object) -> list[str]:
    """The app's reply; of an error page its words, of what is long the end."""
    from sinch_simulator.ladder import words_of_page

    text = reply if isinstance(reply, str) else json.dumps(reply, indent=2)
    return words_of_page(text)[-_LONGEST_REPLY:].splitlines()


def _texts(application: "Application") -> list[tuple[str, str]]:
    """Shows the ladders of texts; those of verifications are in theirs."""
    texts = [each for each in application.messages() if each.verification_id is None]
    if not texts:
        return []
    shown = [f"{each.sender} to {each.to}, {each.status}\n{each.ladder()}" for each in texts]
    return [(f"sinch texts: {len(texts)}", _shortened("\n\n".join(shown)))]


def _shortened(ladder: str) -> str:
    lines = ladder.splitlines()
    if len(lines) <= _LONGEST_LADDER:
        return ladder
    half = _LONGEST_LADDER // 2
    return "\n".join([*lines[:half], f"... {len(lines) - 2 * half} lines ...", *lines[-half:]])
