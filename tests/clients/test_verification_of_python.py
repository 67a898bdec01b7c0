"""PyPI sinch 1.1.4, blocking and asynchronous: every method of its verification domain."""

import inspect
from typing import Any

import pytest
from attrs import define, field
from sinch import SinchClient, SinchClientAsync
from sinch.domains.verification import Verifications, VerificationStatus
from sinch.domains.verification.exceptions import VerificationException

from support.sdk_world import CALLEE, Account

WHO = {"type": "number", "endpoint": CALLEE}
CLASSES = {"verifications": Verifications, "verification_status": VerificationStatus}
EVERY_METHOD = {
    f"{name}.{method}"
    for name, of in CLASSES.items()
    for method, _ in inspect.getmembers(of, inspect.isfunction)
    if not method.startswith("_")
}


@define
class VerificationDomain:
    """The verification domain of a client, blocking or not; it remembers what was called. The SDK has no type hints."""

    client: Any
    called: set[str] = field(factory=set)

    async def call(self, method: str, *arguments: object, **named: object) -> Any:
        """Call ``group.method`` and give what it comes to."""
        group, name = method.split(".")
        self.called.add(method)
        result = getattr(getattr(self.client.verification, group), name)(*arguments, **named)
        return await result if inspect.isawaitable(result) else result


@pytest.fixture(params=[SinchClient, SinchClientAsync], ids=["blocking", "asynchronous"])
async def domain(request: pytest.FixtureRequest, account: Account) -> Any:
    """A client of either kind, pointed at the simulator as docs/clients.md says."""
    client = request.param(application_key=account.key, application_secret=account.secret)
    client.configuration.disable_https = True
    client.configuration.verification_origin = account.address
    yield VerificationDomain(client)
    if isinstance(client, SinchClient):
        client.configuration.transport.http_session.close()
    elif client.configuration.transport.http_session is not None:
        await client.configuration.transport.close_session()


async def test_every_method_works(domain: VerificationDomain, account: Account) -> None:
    await texts(domain, account)
    await flash_calls(domain, account)
    await phone_calls(domain, account)
    await mobile_data(domain, account)
    assert domain.called == EVERY_METHOD


async def texts(domain: VerificationDomain, account: Account) -> None:
    started = await domain.call(
        "verifications.start_sms", WHO, reference="order 1/ä", custom="c", code_type="Alphanumeric"
    )
    assert (started.method, started.sms.template, started.sms.interception_timeout) == (
        "sms", "Your verification code is {{CODE}}", 300
    )  # fmt: skip
    code = account.verification(started.id)["code"]
    with pytest.raises(VerificationException, match="Invalid identity or code"):
        await domain.call("verifications.report_sms_by_id", started.id, "wrong")
    status = await domain.call("verification_status.get_by_id", started.id)
    assert (status.status, status.price) == ("PENDING", None)
    reported = await domain.call("verifications.report_sms_by_id", started.id, code)
    assert (reported.status, reported.reference, reported.reason) == ("SUCCESSFUL", "order 1/ä", None)
    reported = await domain.call("verifications.report_sms_by_identity", CALLEE, code)
    assert reported.status == "SUCCESSFUL"
    found = await domain.call("verification_status.get_by_reference", "order 1/ä")
    assert found.id == started.id
    found = await domain.call("verification_status.get_by_identity", CALLEE, "sms")
    assert (found.id, found.price["verificationPrice"]["currencyId"]) == (started.id, "USD")


async def flash_calls(domain: VerificationDomain, account: Account) -> None:
    started = await domain.call("verifications.start_flash_call", WHO, dial_timeout=10)
    assert started.method == "flashcall"
    assert (started.flash_call.interception_timeout, started.flash_call.deny_call_after) == (45, 0)
    cli = account.verification(started.id)["cli"]
    assert (await domain.call("verifications.report_flash_call_by_id", started.id, cli)).status == "SUCCESSFUL"
    again = await domain.call("verifications.report_flash_call_by_identity", CALLEE, cli)
    assert again.status == "SUCCESSFUL"
    late = await domain.call("verifications.start_flash_call", WHO)
    account.advance(75)
    body = {"method": "flashcall", "flashCall": {"cli": cli}}
    expired = await domain.call("verifications.report_by_id", late.id, body)
    assert (expired.status, expired.reason) == ("FAIL", "Expired")
    expired = await domain.call("verifications.report_by_identity", CALLEE, body)
    assert expired.id == late.id


async def phone_calls(domain: VerificationDomain, account: Account) -> None:
    started = await domain.call("verifications.start_phone_call", WHO)
    account.advance(30)
    code = account.verification(started.id)["code"]
    assert (await domain.call("verifications.report_phone_call_by_id", started.id, code)).status == "SUCCESSFUL"
    started = await domain.call("verifications.start_callout", WHO, speech_locale="sv-SE")
    code = account.verification(started.id)["code"]
    again = await domain.call("verifications.report_phone_call_by_identity", CALLEE, code)
    assert (again.id, again.status) == (started.id, "SUCCESSFUL")


async def mobile_data(domain: VerificationDomain, account: Account) -> None:
    for method in ("start_data", "start_seamless"):
        started = await domain.call(f"verifications.{method}", WHO)
        assert account.followed(started.seamless.target_uri)["status"] == "SUCCESSFUL"


async def test_an_error_has_its_code_and_its_text(domain: VerificationDomain) -> None:
    with pytest.raises(VerificationException, match=r"identity\.endpoint") as failure:
        await domain.call("verifications.start_sms", {"type": "number", "endpoint": "+4813"})
    assert failure.value.http_response.body["errorCode"] == 40001
    with pytest.raises(VerificationException, match="was not found") as failure:
        await domain.call("verification_status.get_by_id", "nobody")
    assert failure.value.http_response.status_code == 404


async def test_a_wrong_secret_is_refused(domain: VerificationDomain) -> None:
    domain.client.configuration.application_secret = "d3Jvbmc="
    with pytest.raises(VerificationException, match="Invalid signature") as failure:
        await domain.call("verification_status.get_by_id", "nobody")
    assert failure.value.http_response.body["errorCode"] == 40102
