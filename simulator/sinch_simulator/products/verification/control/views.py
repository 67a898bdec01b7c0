"""Shows a verification as the control API does."""

from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.verification.codes import cli_filter
from sinch_simulator.products.verification.model import MOST_ATTEMPTS, Method, State, Verification
from sinch_simulator.products.verification.rest.bodies import target_uri


def verification_view(world: SimulatedWorld, verification: Verification) -> Json:
    """Shows a verification with its secrets and its timeline."""
    ended = verification.state is State.ENDED
    return {
        "id": verification.id,
        "applicationKey": verification.application.key,
        "method": verification.method.value,
        "number": verification.number,
        "status": verification.status.value,
        "reason": None if verification.reason is None else verification.reason.value,
        "state": verification.state.value,
        "code": verification.code,
        "codeType": verification.code_type.value,
        "cli": verification.cli,
        "cliFilter": None if verification.cli is None else cli_filter(verification.cli),
        "targetUri": target_uri(verification) if verification.method is Method.SEAMLESS else None,
        "reference": verification.request.reference,
        "custom": verification.request.custom,
        "source": verification.source,
        "language": verification.language,
        "template": verification.template,
        "attempts": verification.attempts,
        "attemptsLeft": 0 if ended else MOST_ATTEMPTS - verification.attempts,
        "startedAt": time_text(world, verification.started_ms),
        "expiresAt": time_text(world, verification.expires_ms),
        "endedAt": None if verification.ended_ms is None else time_text(world, verification.ended_ms),
        "callId": None if verification.call is None else verification.id,
        "messageId": verification.id if world.messages.get(verification.id) is not None else None,
        "timeline": [entry_view(world, entry) for entry in world.journal.of(verification.id)],
    }
