"""Does the steps of a scenario that are about verifications, as an app would: by REST."""

from urllib.parse import quote

from sinch_scenarios.language import model as steps
from sinch_scenarios.language.expectations import differences
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.playing.step_failures import StepFailed, compare
from sinch_scenarios.playing.timing import Timing
from sinch_simulator.client.control import Answer, ApplicationClient
from sinch_simulator.client.errors import Refused
from sinch_simulator.ladder import render
from sinch_simulator.phones.handset import RIGHT, WRONG, wrong_secret

_OF_THE_WEBHOOK = (403, 422)
"""With these a start is refused because of what the webhook has said."""
_WRONG_SECRET = 400


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


async def newest(application: ApplicationClient) -> Answer:
    """Gives the verification that was started last. Raises ``StepFailed`` when there is none."""
    found = await application.verifications()
    if not found:
        raise StepFailed("there is no verification yet")
    return found[-1]


async def expect_verification(
    application: ApplicationClient, timing: Timing, step: steps.ExpectVerification
) -> None:
    """Waits until the newest verification is so."""

    async def look() -> bool | None:
        return None if differences(step.checks, await newest(application)) else True

    if await timing.until(look, step.within_ms) is None:
        found = differences(step.checks, await newest(application))
        compare(found or ["it was not so in time"], "the newest verification")


async def report(application: ApplicationClient, step: steps.Report) -> None:
    """Reports a secret of the newest verification. That a wrong one is refused is as it should be."""
    verification = await newest(application)
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


def ladder(verification: Answer) -> str:
    """Shows a verification's timeline as text, under a line that names it."""
    title = f"verification {verification['id']}: {verification['method']} of {verification['number']}"
    return f"{title}, {verification['status']}\n{render(verification['timeline'])}"
