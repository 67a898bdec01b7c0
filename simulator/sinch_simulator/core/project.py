"""A project: what several applications of one customer share.

A project has an id, an access key, with which programs get OAuth2 tokens (docs/platform/oauth.md#1), and the account of
the number administration of 2015. Each application belongs to one project; most are alone in theirs.
"""

from hashlib import blake2b

from attrs import field

from sinch_simulator.core.values import define, frozen

TOKEN_LIFETIME_S = 3600
_MOST_TOKENS = 1000
_ENDED = -1


@frozen
class CustomerAccount:
    """Who logs in to the number administration of 2015, and the organisation whose numbers are seen there."""

    email: str
    password: str
    organisation_id: str


@define(eq=False)
class Project:
    """Changed by configuration only, but for its tokens and what signs its events."""

    id: str
    key_id: str
    key_secret: str
    account: CustomerAccount
    token_lifetime_s: int = TOKEN_LIFETIME_S
    """Seconds of the simulated clock for which a token is good."""
    application_keys: list[str] = field(factory=list)
    """Those of its applications, in the order in which they came."""
    default_key: str = ""
    """That of the application that is the project's default service."""
    tokens: dict[str, int] = field(factory=dict)
    """By its text, the moment of the world's clock, in milliseconds, at which a token ends.

    Those that have ended are kept for a while, because a program that is told so fetches another one.
    """
    hmac_secret: str = ""
    """Signs the events of the Numbers API; an empty text: nothing does."""

    def keep_token(self, token: str, now: int) -> None:
        """Lets a token be good from now on, for as long as the project's tokens are."""
        self.tokens[token] = now + self.token_lifetime_s * 1000
        if len(self.tokens) > _MOST_TOKENS:
            del self.tokens[next(iter(self.tokens))]

    def begin_anew(self) -> None:
        """Drops its tokens, and what signs its events."""
        self.tokens.clear()
        self.hmac_secret = ""

    def expire_tokens(self) -> None:
        """Ends every token issued so far."""
        self.tokens = dict.fromkeys(self.tokens, _ENDED)

    def admit(self, application_key: str) -> None:
        """Lets an application belong to the project; the first one is its default service."""
        self.application_keys.append(application_key)
        self.default_key = self.default_key or application_key

    def dismiss(self, application_key: str) -> None:
        """Forgets an application; when it was the default service, the one that came first is from now on."""
        self.application_keys.remove(application_key)
        if self.default_key == application_key:
            self.default_key = next(iter(self.application_keys), "")


def generated_project(application_key: str, seed: int) -> Project:
    """Makes a project for the application of this key, with credentials that nobody else has."""
    digits = generated_digits(application_key, seed, "project")
    account = CustomerAccount(
        email=f"{digits[96:106]}@example.com",
        password=digits[106:116],
        organisation_id=str(10**7 + int(digits[116:], 16)),
    )
    return Project(_uuid(digits[:32]), _uuid(digits[32:64]), digits[64:96], account)


def generated_digits(application_key: str, seed: int, part: str) -> str:
    """Returns 128 hexadecimal digits that follow from the seed of a world, an application's key and this word."""
    return blake2b(f"{seed}:{application_key}:{part}".encode()).hexdigest()


def _uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
