"""A request to a product's own REST API, and the endpoints that take it.

A handler is a plain function from a request to an answer: it knows no web server. What it refuses is an ``ApiError``.
"""

from collections.abc import Callable, Iterable, Mapping

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.rest.answer import Answer, Pending
from sinch_simulator.core.rest.worlds import SimulatedWorld, SimulatedWorlds
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.values import Word, frozen


class Scheme(Word):
    """A way to say who sends a request, which the server knows for every product."""

    NOBODY = "nobody"
    """Without an Authorization header: the request is nobody's, and lives in the default world."""
    BASIC = "basic"
    """``Basic base64(KEY:SECRET)`` of an application."""
    SIGNED = "application"
    """``Application KEY:SIGNATURE``, over the request and its timestamp."""
    KEY_ONLY = "public"
    """``Application KEY``: everybody who knows the key of an application, such as a phone."""


@frozen
class TokenScheme:
    """A way to say who sends a request that a product has for itself, such as a Bearer token.

    ``application_of`` gets what follows the name of the scheme, and the texts at the braces of the path, which may name
    a project or a service plan; it returns the application whose token that is, and raises ``SenderRefused`` for a
    token that is not good there. ``missing`` makes the refusal of a request without an Authorization header, or with
    one of a scheme that is not taken there.
    """

    name: str
    """As in the Authorization header, in lower case: ``bearer``."""
    application_of: Callable[[str, Mapping[str, str], SimulatedWorlds], Application]
    missing: Callable[[str], ApiError] | None = None
    """Gets the header as it was sent, "" for none; None: the server's own words, about the schemes that it knows."""


@frozen
class PlatformRequest:
    """An authenticated request of an application, or of nobody at an endpoint that is for everybody."""

    application: Application
    world: SimulatedWorld
    method: str
    path: str
    parameters: Mapping[str, str]
    """The texts at the braces of the pattern."""
    headers: Mapping[str, str]
    """Their names are found in any case."""
    body: bytes
    base_url: str
    """The URL of this server as the caller knows it, without a trailing slash."""
    region: str
    """Where what the request makes lives, as the host says."""
    query: str
    """What stood after the question mark, as sent."""
    worlds: SimulatedWorlds
    """Everybody who is served here, for a request that is about more than its own application."""

    @property
    def name(self) -> str:
        """Returns the request line without its query, as diagnostics call it: ``POST /calling/v1/callouts``."""
        return f"{self.method} {self.path}"

    def json(self) -> object:
        """Reads the body as JSON, whatever its content type says; 400/40003 when it is none."""
        try:
            return decode(self.body)
        except NotJsonError as error:
            raise ApiError.invalid_request(f"the body is not JSON: {error}", hint=error.hint) from None

    def diagnose(self, findings: Iterable[Diagnostic], subject: str | None = None) -> None:
        """Tells the developer about this request; ``subject`` is the id of the call or the like that it is about."""
        for finding in findings:
            self.world.diagnose(subject, finding, request=self.name, applicationKey=self.application.key)


PlatformHandler = Callable[[PlatformRequest], Answer | Pending]


@frozen
class PlatformEndpoint:
    """An endpoint of a product: ``pattern`` follows a prefix of the product, ``what`` says in words what it is."""

    method: str
    pattern: str
    handler: PlatformHandler
    what: str
    remark: Diagnostic | None = None
    """Told to whoever uses it."""
    schemes: tuple[Scheme | TokenScheme, ...] | None = None
    """How a sender may say who it is; None for what the product takes everywhere."""
    at_length: bool = False
    """Whether the answer may be a file, or ``Pending``: then it is not given in the turn in which the request comes."""
    owner: Callable[[Mapping[str, str], SimulatedWorlds], Application] | None = None
    """Finds, by the parameters of the path, the application that a request of anybody is for, or raises ``ApiError``.

    None: it is the application whose credentials the request has.
    """
    api: str = ""
    """The part of the product that it belongs to, where the parts have hosts of their own."""
    below: str = ""
    """The only prefix of the product below which it is served; "" for all."""
