"""Does the steps of a scenario that are about verifications, as an app would: by REST."""

from urllib.parse import quote

from sinch_scenarios.language import model as steps
from sinch_scenarios.language.expectations import differences
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.playing.step_failures import StepFailed, compare, within_text
from sinch_scenarios.playing.timing import Timing
from sinch_simulator.client.control import Answer, ApplicationClient
from sinch_simulator.client.errors import Refused
from sinch_simulator.ladder import render
from sinch_simulator.phones.handset import RIGHT, WRONG, wrong_secret

_OF_THE_WEBHOOK = (403, 422)
"""With these a start is refused because of what the webhook has said."""
_WRONG_SECRET = 400
_BEFORE_IT_BEGINS = ("NEW", "AWAITING_CALLBACK")


async def verify(application: ApplicationClient, step: steps.Verify) -> str:
    """Starts a verification and gives its id; of one that the webhook denies too. Raises ``Refused``."""
    before = len(await application.verifications())
    try:
        return await application.verify(step.body)
    except Refused as error:
        made = (await application.verifications())[before:]
        if error.status not in _OF_THE_WEBHOOK or not made:
            raise
        return str(made[-1]["id"])


async def newest(application: ApplicationClient) -> Answer | None:
    """Gives the verification that was started last, None when there is none."""
    found = await application.verifications()
    return found[-1] if found else None


async def expect_verification(application: ApplicationClient, timing: Timing, step: steps.ExpectVerification) -> None:
    """Waits until the newest verification is so."""

    async def look() -> bool | None:
        verification = await newest(application)
        return None if verification is None or differences(step.checks, verification) else True

    if await timing.until(look, step.within_ms) is None:
        verification = await newest(application)
        if verification is None:
            raise _none_began(step.within_ms)
        found = differences(step.checks, verification)
        compare(found or ["it was not so in time"], "the newest verification")


async def report(application: ApplicationClient, timing: Timing, step: steps.Report) -> None:
    """Reports a secret of the newest verification, once there is one and the app has allowed it.

    That a wrong secret is refused is as it should be.
    """

    async def look() -> Answer | None:
        found = await newest(application)
        return None if found is None or found["state"] in _BEFORE_IT_BEGINS else found

    verification = await timing.until(look, step.within_ms) or await newest(application)
    if verification is None:
        raise _none_began(step.within_ms)
    secret = verification["cli" if step.flash_call else "code"]
    if secret is None and step.secret in (RIGHT, WRONG):
        what = "number that calls" if step.flash_call else "code"
        raise StepFailed(f"the newest verification, a {verification['method']}, has no {what}")
    told = {RIGHT: secret, WRONG: wrong_secret(secret or "")}.get(step.secret, step.secret)
    method = verification["method"]
    about: dict[str, Json] = {"cli": told} if step.flash_call else {"code": told}
    body: dict[str, Json] = {"method": method, "flashCall" if method == "flashcall" else method: about}
    if step.source is not None:
        body["source"] = step.source
    try:
        await application.rest("PUT", f"/verification/v1/verifications/id/{quote(verification['id'])}", body)
    except Refused as error:
        if step.secret == RIGHT or error.status != _WRONG_SECRET:
            raise


def _none_began(within_ms: int) -> StepFailed:
    hint = "put verify before it, or a step after which the app starts one"
    return StepFailed(f"no verification began{within_text(within_ms)}; {hint}")


def ladder(verification: Answer) -> str:
    """Shows a verification's timeline as text, under a line that names it."""
    title = f"verification {verification['id']}: {verification['method']} of {verification['number']}"
    return f"{title}, {verification['status']}\n{render(verification['timeline'])}"
