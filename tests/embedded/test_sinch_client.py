"""The client of the official SDK that an application gives: configured, of either version, and its tokens."""

import sys

import pytest

from sinch_simulator import Simulator, SimulatorError, blocking
from support.python_packages import SINCH_2, run_with

WITH_SINCH_2 = """
from sinch_simulator import Simulator
with Simulator.in_thread(clock="manual") as simulator:
    application = simulator.create_application(numbers=["+14045550177"])
    client = application.sinch_client()
    def owned():
        return [each.phone_number for each in client.numbers.list(region_code="US", number_type="LOCAL").iterator()]
    assert owned() == ["+14045550177"]
    application.expire_tokens()
    assert owned() == ["+14045550177"]
    configuration = client.configuration
    assert configuration.voice_v2_origin == configuration.get_sms_origin_for_auth() == application.url
    assert (configuration.service_plan_id, configuration.sms_api_token) == (
        application.service_plan_id, application.api_token
    )
    print("fine")
"""


def test_the_client_of_version_1_speaks_every_product(app: blocking.Application) -> None:
    client = app.sinch_client()
    owned = client.numbers.active.list("US", "LOCAL").result.active_numbers
    assert [each.phone_number for each in owned] == app.numbers
    assert [each.number for each in client.voice.applications.get_numbers().numbers] == app.numbers
    app.expire_tokens()
    assert client.numbers.active.get(app.number).phone_number == app.number
    client.configuration.transport.http_session.close()


async def test_the_client_of_version_1_can_be_awaited() -> None:
    async with Simulator(clock="manual") as simulator:
        application = await simulator.create_application()
        client = application.sinch_client()
        owned = await client.numbers.active.list("US", "LOCAL")
        assert [each.phone_number for each in owned.result.active_numbers] == application.numbers
        await client.configuration.transport.close_session()


def test_the_client_of_version_2_speaks_every_product() -> None:
    assert run_with([SINCH_2], WITH_SINCH_2, {}) == "fine\n"


def test_without_the_sdk_it_says_what_to_install(app: blocking.Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sinch", None)
    with pytest.raises(SimulatorError, match="pip install sinch"):
        app.sinch_client()
