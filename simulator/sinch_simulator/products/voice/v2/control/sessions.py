"""Shows sessions: which calls they have, who hears whom in their bridges, and what their commands wait for."""

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import not_found
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import Moment, answer, list_of, listed, texts, words
from sinch_simulator.core.rest.journal_views import Json, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.schema.fields import Choice, Text
from sinch_simulator.products.voice.v2 import NAME
from sinch_simulator.products.voice.v2.session import Call, Session, SessionState
from sinch_simulator.products.voice.v2.svaml.model import name_of

_MEMBER = answer(
    "a member of a bridge",
    Text("callId"),
    Text("callName", "what the app calls it", nullable=True),
    Moment("joinedAt"),
    texts("hears", "the ids of the calls that it hears"),
)
_BRIDGE = answer("a bridge", Text("bridgeName"), list_of("members", _MEMBER, "who is in it"))
_WAITING = answer(
    "what is held up",
    Text("callId", "the current call of the commands that wait; null for none", nullable=True),
    Choice("command", "what they wait for", choices=("pause", "webhook", "menu")),
    Moment("since"),
)
SESSION = answer(
    "a session",
    Text("sessionId"),
    Text("projectId"),
    Text("serviceId"),
    Text("applicationKey", "whose it is: the id of its service too"),
    Text("batchId", "the batch that it is of", nullable=True),
    Choice("state", "how far it is", choices=words(SessionState)),
    Moment("createdAt"),
    Moment("endedAt", nullable=True),
    texts("calls", "the ids of its calls, in the order in which they began"),
    list_of("bridges", _BRIDGE, "who hears whom"),
    list_of("waiting", _WAITING, "sequences of commands that are held up"),
    title="Session",
    meaning="A session of Voice API v2, under way or over.",
)


def get_sessions(request: ProductRequest) -> Answer:
    """Lists the sessions of an application, or of the default world, oldest first."""
    query = request.query()
    application, state = request.application(query), query["state"]
    world = request.worlds.simulation_of(application)
    found = [
        session
        for session in _sessions(world).values()
        if application in (None, session.application) and state in (None, session.state.value)
    ]
    return json_answer({"sessions": [session_view(world, session) for session in found]})


def get_session(request: ProductRequest) -> Answer:
    """Shows one session."""
    request.query()
    session_id = request.parameters["sessionId"]
    for world in request.worlds.simulations():
        session = _sessions(world).get(session_id)
        if session is not None:
            return json_answer(session_view(world, session))
    raise not_found("session", session_id, "GET /_simulator/sessions lists those that are kept")


def _sessions(world: SimulatedWorld) -> dict[str, Session]:
    """Returns the sessions of a world; one in which nobody has used Voice v2 has none."""
    exchange = world.machines.get(NAME)
    sessions: dict[str, Session] = {} if exchange is None else exchange.sessions
    return sessions


def session_view(world: SimulatedWorld, session: Session) -> Json:
    """Shows a session as the control API does."""
    return {
        "sessionId": session.id,
        "projectId": session.application.project.id,
        "serviceId": session.application.key,
        "applicationKey": session.application.key,
        "batchId": None if session.batch is None else session.batch.id,
        "state": session.state.value,
        "createdAt": time_text(world, session.created_ms),
        "endedAt": None if session.ended_ms is None else time_text(world, session.ended_ms),
        "calls": list(session.calls),
        "bridges": [
            {"bridgeName": name, "members": [_member(world, call, members) for call in members]}
            for name, members in session.bridges.items()
        ],
        "waiting": [
            {
                "callId": None if sequence.call is None else sequence.call.id,
                "command": name_of(sequence.waits_for),
                "since": time_text(world, sequence.since_ms),
            }
            for sequence in session.sequences.values()
            if sequence.waits_for is not None
        ],
    }


def _member(world: SimulatedWorld, call: Call, members: list[Call]) -> Json:
    joined_ms = max(line.at_ms for line in world.journal.of(call.id) if line.kind == "bridge.joined")
    return {
        "callId": call.id,
        "callName": call.name,
        "joinedAt": time_text(world, joined_ms),
        "hears": [other.id for other in members if other is not call],
    }


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/sessions",
        get_sessions,
        "Lists sessions of Voice API v2, the oldest first.",
        (APPLICATION, Choice("state", "only sessions in this state", choices=words(SessionState))),
        query_example="state=IN_PROGRESS",
        answer=listed("sessions", SESSION),
    ),
    ControlEndpoint(
        "GET",
        "/sessions/{sessionId}",
        get_session,
        "Shows a session of Voice API v2: its calls, its bridges, and what its commands wait for.",
        answer=SESSION,
    ),
)
