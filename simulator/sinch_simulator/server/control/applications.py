"""Makes, shows, changes and deletes applications."""

import base64
import secrets
import uuid

from attrs import evolve

from sinch_simulator.config import ClockMode, ConfigError, read_time
from sinch_simulator.core.account import Account
from sinch_simulator.core.application import Application, CallbackStyle
from sinch_simulator.core.prices import UNITS_PER_DOLLAR
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid
from sinch_simulator.core.rest.control_request import ControlEndpoint, unknown_application
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.schema.shapes import ABSENT, Values
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.shapes import APPLICATION, CHANGED_APPLICATION, NEW_APPLICATION
from sinch_simulator.server.control.views import application_view
from sinch_simulator.server.worlds import World, Worlds


async def get_applications(request: ServerRequest) -> Answer:
    """Lists all of them, the first of the command line first."""
    request.query()
    worlds = request.worlds
    views = [application_view(worlds.home_of(each), each) for each in worlds.applications.values()]
    return json_answer({"applications": views})


async def post_application(request: ServerRequest) -> Answer:
    """Makes a new one; what is not given is generated."""
    request.query()
    body = request.read_body()
    key = body["key"] or str(uuid.uuid4())
    if normalise_key(key) in request.worlds.applications:
        raise ControlError(409, "key_in_use", f"key: there is an application {key} already", "choose another key")
    application = Application(key, base64.b64encode(secrets.token_bytes(16)).decode())
    _change(application, body)
    world = _world_for(body, request.worlds)
    if not application.numbers:
        application.numbers = [request.worlds.free_number(key)]
    _refuse_taken(application, application.numbers, world)
    if world is None:
        world = _new_world(body, key, request.worlds)
    request.worlds.add(application, world)
    return json_answer(application_view(world, application), 201)


async def get_application(request: ServerRequest) -> Answer:
    """Shows one."""
    request.query()
    application = _named(request)
    return json_answer(application_view(request.worlds.home_of(application), application))


async def patch_application(request: ServerRequest) -> Answer:
    """Changes its settings; null takes a URL away."""
    request.query()
    application = _named(request)
    body = request.read_body()
    changed = Application(application.key, application.secret)
    _copy_settings(application, changed)
    _change(changed, body)
    world = request.worlds.home_of(application)
    _refuse_taken(application, changed.numbers, world)
    given = (url for url in (body["callbackUrl"], body["fallbackUrl"]) if url is not ABSENT)
    request.worlds.sender.outbound.give(application.key, given)
    application.secret = changed.secret
    _copy_settings(changed, application)
    await world.runner.settled()
    return json_answer(application_view(world, application))


async def delete_application(request: ServerRequest) -> Answer:
    """Drops it with all that it had."""
    request.query()
    request.worlds.remove(_named(request))
    return Answer(204)


def _named(request: ServerRequest) -> Application:
    application = request.worlds.application(request.parameters["key"])
    if application is None:
        raise unknown_application(request.parameters["key"])
    return application


def _copy_settings(source: Application, target: Application) -> None:
    target.numbers = list(source.numbers)
    target.callback_url = source.callback_url
    target.fallback_url = source.fallback_url
    target.callback_style = source.callback_style
    target.account = source.account


def _change(application: Application, body: Values) -> None:
    """Writes the fields that are there into the application."""
    application.secret = body["secret"] or application.secret
    if body["callbackUrl"] is not ABSENT:
        application.callback_url = body["callbackUrl"]
    if body["fallbackUrl"] is not ABSENT:
        application.fallback_url = body["fallbackUrl"]
    if body["callbackStyle"] is not None:
        application.callback_style = CallbackStyle(body["callbackStyle"])
    if body["numbers"] not in (ABSENT, None):
        application.numbers = list(dict.fromkeys(body["numbers"]))
    application.account = _account(body, application.account)


def _account(body: Values, present: Account | None) -> Account | None:
    """Returns the limits of the account; null takes one away, and without any there is none."""
    credit, barred, verified = body["credit"], body["barred"], body["verifiedNumbers"]
    account = Account() if present is None else evolve(present)
    if credit is not ABSENT:
        account.credit = None if credit is None else round(credit * UNITS_PER_DOLLAR)
    if barred is not ABSENT:
        account.barred = barred or ()
    if verified is not ABSENT:
        account.verified = verified
    return None if account == Account() else account


def _refuse_taken(application: Application, numbers: list[str], world: World | None) -> None:
    """Refuses numbers that another application of the world has: a number leads to one."""
    for other in world.applications if world is not None else ():
        taken = [number for number in numbers if number in other.numbers and other is not application]
        if taken:
            raise ControlError(
                409,
                "number_in_use",
                f"numbers: {taken[0]} is assigned to application {other.key} of this world",
                "choose another number, or take it away there first",
            )


def _world_for(body: Values, worlds: Worlds) -> World | None:
    """Returns the world that is there already, None when one is to be made."""
    clock, seed, name = body["clock"], body["seed"], body["world"]
    world = None if name is None else worlds.named(name)
    if world is None:
        return None
    if clock not in (None, world.runner.mode.value) or seed not in (None, world.seed) or body["now"] is not None:
        raise ControlError(
            409,
            "world_exists",
            f"world: {name} is there already, with the {world.runner.mode.value} clock and the seed {world.seed}",
            "leave clock, seed and now out, or choose another world",
        )
    return world


def _new_world(body: Values, key: str, worlds: Worlds) -> World:
    seed, name = body["seed"], body["world"] or key
    clock = worlds.config.clock if body["clock"] is None else ClockMode(body["clock"])
    if worlds.named(name) is not None:
        name = f"world of {key}"
    begins_at_ms = worlds.config.begins_at_ms if body["now"] is None else _read_time(body["now"])
    return worlds.make(name, clock, worlds.config.seed if seed is None else seed, begins_at_ms=begins_at_ms)


def _read_time(text: str) -> int:
    try:
        return read_time(text, "now")
    except ConfigError:
        raise invalid("now", text, "an ISO 8601 time with zone, from 1970 on, like 2026-06-01T09:00:00Z") from None


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/applications",
        get_applications,
        "Lists the applications.",
        answer=listed("applications", APPLICATION),
    ),
    ControlEndpoint(
        "POST",
        "/applications",
        post_application,
        "Makes an application; what is not given is generated.",
        body=NEW_APPLICATION,
        example={"callbackUrl": "http://127.0.0.1:5000/callbacks", "clock": "manual", "seed": 1},
        answer=APPLICATION,
        status=201,
    ),
    ControlEndpoint("GET", "/applications/{key}", get_application, "Shows an application.", answer=APPLICATION),
    ControlEndpoint(
        "PATCH",
        "/applications/{key}",
        patch_application,
        "Changes the settings of an application.",
        body=CHANGED_APPLICATION,
        example={"callbackUrl": "http://127.0.0.1:5000/callbacks"},
        answer=APPLICATION,
    ),
    ControlEndpoint(
        "DELETE",
        "/applications/{key}",
        delete_application,
        "Deletes an application and all it has.",
        status=204,
    ),
)
