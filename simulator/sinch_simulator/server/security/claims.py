"""Whom a refused request claims to come from: to put the findings where its developer looks. It proves nothing."""

import base64


def claimed_key(authorization: str) -> str | None:
    """The application key in an Authorization header, None when there is none to be read."""
    scheme, _, rest = authorization.strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "basic":
        try:
            rest = base64.b64decode(rest, validate=True).decode()
        except ValueError:
            return None
    elif scheme.lower() != "application":
        return None
    return rest.partition(":")[0] or None
