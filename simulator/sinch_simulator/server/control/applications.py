"""Makes, shows, changes and deletes applications."""

import base64
import secrets
import uuid
from collections.abc import Collection, Iterable

from sinch_simulator.config import ClockMode, ConfigError, read_time
from sinch_simulator.core.application import Application
from sinch_simulator.core.project import Project
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid
from sinch_simulator.core.rest.control_request import ControlEndpoint, unknown_application
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.schema.shapes import ABSENT, Values
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.server.control.application_changes import (
    changed,
    changed_project,
    keep,
    keep_project,
    urls_in,
)
from sinch_simulator.server.control.application_shapes import APPLICATION, CHANGED_APPLICATION, NEW_APPLICATION
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
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
    body, worlds = request.read_body(), request.worlds
    key = body["key"] or str(uuid.uuid4())
    if normalise_key(key) in worlds.applications:
        raise ControlError(409, "key_in_use", f"key: there is an application {key} already", "choose another key")
    joined = None if body["projectId"] is None else worlds.directory.projects.get(body["projectId"])
    world = _world_for(body, worlds) if joined is None else _world_of(joined, body, worlds)
    seed = _seed(body, worlds) if world is None else world.seed
    application = changed(Application.generated(key, base64.b64encode(secrets.token_bytes(16)).decode(), seed), body)
    application.service_plan_id = body["servicePlanId"] or application.service_plan_id
    application.project = _new_project(application.project, body) if joined is None else joined
    if not application.numbers and body["numbers"] != ():
        application.numbers = [worlds.free_number(key)]
    _refuse_taken(application, application.numbers, (), world)
    _refuse_rented(application.numbers, (), worlds)
    _refuse_credentials(application, worlds)
    if joined is None and body["account"] is not None:  # those that are generated are nobody else's
        _refuse_account(application.project, application.project, worlds)
    _refuse_settings(application, worlds)
    if world is None:
        world = _new_world(body, key, worlds)
    worlds.add(application, world)
    return json_answer(application_view(world, application), 201)


async def get_application(request: ServerRequest) -> Answer:
    """Shows one."""
    request.query()
    application = _named(request)
    return json_answer(application_view(request.worlds.home_of(application), application))


async def patch_application(request: ServerRequest) -> Answer:
    """Changes its settings; null takes a URL away."""
    request.query()
    application, worlds = _named(request), request.worlds
    body = request.read_body()
    copied, project = changed(application, body), changed_project(application.project, body)
    world = worlds.home_of(application)
    _refuse_taken(application, copied.numbers, application.numbers, world)
    _refuse_rented(copied.numbers, application.numbers, worlds)
    if body["account"] is not None:
        _refuse_account(project, application.project, worlds)
    _refuse_settings(copied, worlds)
    worlds.sender.outbound.give(application.key, urls_in(body))
    keep(copied, application)
    if body["numbers"] not in (ABSENT, None):
        world.simulation.data.pool.made_with(application, application.numbers)
    keep_project(project, application.project)
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


def _refuse_taken(
    application: Application, numbers: Iterable[str], present: Collection[str], world: World | None
) -> None:
    """Refuses numbers that another application of the world has, unless they lead to the application already."""
    wanted = [number for number in numbers if number not in present]
    for other in world.applications if world is not None else ():
        taken = [number for number in wanted if number in other.numbers or number in other.own_numbers]
        if other is not application and taken:
            raise ControlError(
                409,
                "number_in_use",
                f"numbers: {taken[0]} belongs to application {other.key} of this world",
                "choose another number, or take it away there first",
            )


def _refuse_rented(numbers: Iterable[str], present: Collection[str], worlds: Worlds) -> None:
    """Refuses numbers that somebody has rented or reserved, unless they lead to the application already."""
    for number in numbers:
        if number not in present and worlds.inventory.keeps(number):
            raise ControlError(
                409,
                "number_in_use",
                f"numbers: {number} is rented",
                "choose another number, or release it first; GET /_simulator/numbers tells whose it is",
            )


def _new_project(generated: Project, body: Values) -> Project:
    """Returns a project of the new application's own."""
    project = changed_project(generated, body)
    project.id = body["projectId"] or generated.id
    project.key_id = body["keyId"] or generated.key_id
    return project


def _world_of(project: Project, body: Values, worlds: Worlds) -> World:
    """Returns the world of a project that the new application joins; refused when the body wants another project."""
    wanted = changed_project(project, body)
    wanted.key_id = body["keyId"] or project.key_id
    own = {
        "keyId": wanted.key_id == project.key_id,
        "keySecret": wanted.key_secret == project.key_secret,
        "tokenLifetime": wanted.token_lifetime_s == project.token_lifetime_s,
        "account": wanted.account == project.account,
    }
    world = worlds.home_of_project(project)
    other = next((name for name, same in own.items() if not same), None)
    if other is None and body["world"] not in (None, world.name):
        other = "world"
    if other is not None:
        raise ControlError(
            409,
            "project_exists",
            f"{other}: the project {project.id} is there already, with another value",
            f"leave {other} out, or choose another projectId",
        )
    _refuse_other_clock(body, world)
    return world


def _refuse_credentials(application: Application, worlds: Worlds) -> None:
    """Refuses credentials of a new application that another one has."""
    for name, value in worlds.directory.taken(application):
        raise ControlError(409, "in_use", f"{name}: {value} is another application's", f"choose another {name}")


def _refuse_settings(application: Application, worlds: Worlds) -> None:
    """Refuses settings that a product cannot work with, and the name of another service of the project."""
    for product in worlds.products:
        wrong = product.wrong_setting(application)
        if wrong is not None:
            raise ControlError(400, "invalid_value", f"{wrong.path}: {wrong.message}", wrong.hint)
    for other in worlds.directory.projects.get(application.project.id, application.project).application_keys:
        service = worlds.application(other)
        if service is not None and other != application.key and service.service.name == application.service.name:
            name = application.service.name
            raise ControlError(409, "in_use", f"serviceName: {name} is another service's", "choose another serviceName")


def _refuse_account(wanted: Project, project: Project, worlds: Worlds) -> None:
    """Refuses an account that another project has."""
    for name, value in worlds.directory.taken_by_others(wanted.account, project):
        raise ControlError(409, "in_use", f"{name}: {value} is another project's", f"choose another {name}")


def _world_for(body: Values, worlds: Worlds) -> World | None:
    """Returns the world that is there already, None when one is to be made."""
    world = None if body["world"] is None else worlds.named(body["world"])
    if world is not None:
        _refuse_other_clock(body, world)
    return world


def _refuse_other_clock(body: Values, world: World) -> None:
    """Refuses a clock and a seed other than those of the world that is joined."""
    clock, seed = body["clock"], body["seed"]
    if clock not in (None, world.runner.mode.value) or seed not in (None, world.seed) or body["now"] is not None:
        raise ControlError(
            409,
            "world_exists",
            f"world: {world.name} is there already, with the {world.runner.mode.value} clock and the seed {world.seed}",
            "leave clock, seed and now out, or choose another world",
        )


def _seed(body: Values, worlds: Worlds) -> int:
    """Returns the seed of a new world."""
    seed: int = worlds.config.seed if body["seed"] is None else body["seed"]
    return seed


def _new_world(body: Values, key: str, worlds: Worlds) -> World:
    name = body["world"] or key
    clock = worlds.config.clock if body["clock"] is None else ClockMode(body["clock"])
    if worlds.named(name) is not None:
        name = f"world of {key}"
    begins_at_ms = worlds.config.begins_at_ms if body["now"] is None else _read_time(body["now"])
    return worlds.make(name, clock, _seed(body, worlds), begins_at_ms=begins_at_ms)


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
