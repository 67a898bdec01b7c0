"""Makes, shows, changes and deletes applications."""

import base64
import re
import secrets
import uuid
from collections.abc import Callable

from attrs import evolve

from sinch_simulator.config import ClockMode, ConfigError, read_key, read_number, read_secret, read_url
from sinch_simulator.core.account import Account
from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.application import Application, CallbackStyle
from sinch_simulator.core.prices import UNITS_PER_DOLLAR
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid
from sinch_simulator.core.rest.control_request import ControlEndpoint, Fields, unknown_application
from sinch_simulator.core.signing import decode_secret, normalise_key
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.views import application_view
from sinch_simulator.server.worlds import World, Worlds

_LIMITS = ("credit", "barred", "verifiedNumbers")
_CHANGEABLE = ("secret", "callbackUrl", "fallbackUrl", "callbackStyle", "numbers", *_LIMITS)
_BARRED = re.compile(r"\+[0-9*]{1,20}|\*")
_MOST_CREDIT = 1_000_000_000
_LARGEST_SEED = 2**63 - 1


async def get_applications(request: ServerRequest) -> Answer:
    """Lists all of them, the first of the command line first."""
    request.query()
    worlds = request.worlds
    views = [application_view(worlds.home_of(each), each) for each in worlds.applications.values()]
    return json_answer({"applications": views})


async def post_application(request: ServerRequest) -> Answer:
    """Makes a new one; what is not given is generated."""
    request.query()
    fields = request.fields("key", *_CHANGEABLE, "world", "clock", "seed")
    key = _read(fields, "key", read_key) or str(uuid.uuid4())
    if normalise_key(key) in request.worlds.applications:
        raise ControlError(409, "key_in_use", f"key: there is an application {key} already", "choose another key")
    application = Application(key, base64.b64encode(secrets.token_bytes(16)).decode())
    _change(application, fields)
    world = _world_for(fields, key, request.worlds)
    if not application.numbers:
        application.numbers = [request.worlds.free_number(key)]
    _refuse_taken(application, application.numbers, world)
    if world is None:
        world = _new_world(fields, key, request.worlds)
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
    fields = request.fields(*_CHANGEABLE)
    changed = Application(application.key, application.secret)
    _copy_settings(application, changed)
    _change(changed, fields)
    world = request.worlds.home_of(application)
    _refuse_taken(application, changed.numbers, world)
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


def _change(application: Application, fields: Fields) -> None:
    """Writes the fields that are there into the application."""
    application.secret = _read(fields, "secret", _usable_secret) or application.secret
    if fields.has("callbackUrl"):
        application.callback_url = _read(fields, "callbackUrl", read_url)
    if fields.has("fallbackUrl"):
        application.fallback_url = _read(fields, "fallbackUrl", read_url)
    application.callback_style = fields.one_of("callbackStyle", CallbackStyle) or application.callback_style
    numbers = fields.entries("numbers", 'a list of E.164 numbers, like ["+14045550100"]')
    if numbers is not None:
        read = (_number(number, f"numbers[{index}]") for index, number in enumerate(numbers))
        application.numbers = list(dict.fromkeys(read))
    application.account = _account(fields, application.account)


def _account(fields: Fields, present: Account | None) -> Account | None:
    """Returns the limits of the account; null takes one away, and without any there is none."""
    if not any(fields.has(name) for name in _LIMITS):
        return present
    account = Account() if present is None else evolve(present)
    if fields.has("credit"):
        credit = fields.number("credit", least=-_MOST_CREDIT, most=_MOST_CREDIT)
        account.credit = None if credit is None else round(credit * UNITS_PER_DOLLAR)
    if fields.has("barred"):
        expected = 'a list of numbers in which * stands for any digits, like ["+46*"]'
        patterns = fields.entries("barred", expected) or []
        account.barred = tuple(_barred(pattern, index) for index, pattern in enumerate(patterns))
    if fields.has("verifiedNumbers"):
        numbers = fields.entries("verifiedNumbers", 'a list of E.164 numbers, like ["+14045550100"]')
        account.verified = None if numbers is None else tuple(
            _number(number, f"verifiedNumbers[{index}]") for index, number in enumerate(numbers)
        )
    return None if account == Account() else account


def _barred(value: object, index: int) -> str:
    if not isinstance(value, str) or not _BARRED.fullmatch(value):
        raise invalid(f"barred[{index}]", value, "a number with a plus sign, * for any digits, like +46*")
    return value


def _read(fields: Fields, name: str, read: Callable[[str, str], str]) -> str | None:
    """Reads a text with one of the readers of the configuration."""
    text = fields.text(name)
    if text is None:
        return None
    try:
        return read(text, name)
    except ConfigError as error:
        raise ControlError(400, "invalid_value", str(error)) from None


def _usable_secret(text: str, setting: str) -> str:
    read_secret(text, setting)
    try:
        decode_secret(text)
    except ValueError as error:
        raise ConfigError(f"{setting}: {error}") from None
    return text


def _number(value: object, name: str) -> str:
    number = normalise_number(value) if isinstance(value, str) else None
    if number is None:
        raise invalid(name, value, "an E.164 number like +14045550100")
    try:
        return read_number(number, name)
    except ConfigError as error:
        raise ControlError(400, "invalid_value", str(error)) from None


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


def _world_for(fields: Fields, key: str, worlds: Worlds) -> World | None:
    """Returns the world that is there already, None when one is to be made."""
    clock = fields.one_of("clock", ClockMode)
    seed = fields.integer("seed", least=0, most=_LARGEST_SEED)
    name = fields.text("world", "the name of a world")
    world = None if name is None else worlds.named(name)
    if world is None:
        return None
    if clock not in (None, world.runner.mode) or seed not in (None, world.seed):
        raise ControlError(
            409,
            "world_exists",
            f"world: {name} is there already, with the {world.runner.mode.value} clock and the seed {world.seed}",
            "leave clock and seed out, or choose another world",
        )
    return world


def _new_world(fields: Fields, key: str, worlds: Worlds) -> World:
    seed = fields.integer("seed", least=0, most=_LARGEST_SEED)
    clock = fields.one_of("clock", ClockMode) or worlds.config.clock
    name = fields.text("world") or key
    if worlds.named(name) is not None:
        name = f"world of {key}"
    return worlds.make(name, clock, worlds.config.seed if seed is None else seed)


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint("GET", "/applications", get_applications, "Lists the applications."),
    ControlEndpoint(
        "POST",
        "/applications",
        post_application,
        "Makes an application; what is not given is generated.",
        example={"callbackUrl": "http://127.0.0.1:5000/callbacks", "clock": "manual", "seed": 1},
    ),
    ControlEndpoint("GET", "/applications/{key}", get_application, "Shows an application."),
    ControlEndpoint(
        "PATCH",
        "/applications/{key}",
        patch_application,
        "Changes the settings of an application.",
        example={"callbackUrl": "http://127.0.0.1:5000/callbacks"},
    ),
    ControlEndpoint("DELETE", "/applications/{key}", delete_application, "Deletes an application and all it has."),
)
