"""Finds out whose project sends a request by its access key: Basic with key id and key secret.

Source: docs/platform/oauth.md#6.
"""

import binascii

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.platform_request import TokenScheme
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.signing import same_text

_EXPECTED = "Expected 'Basic base64(KEY_ID:KEY_SECRET)' with the access key of a project."


def known_by_access_key(encoded: str, worlds: SimulatedWorlds) -> Application:
    """Returns the default service of the project whose access key this is. Raises ``ApiError`` 401 for no such key."""
    try:
        text = binascii.a2b_base64(encoded, strict_mode=True).decode()
    except ValueError:
        text = ""
    key_id, _, key_secret = text.partition(":")
    project = worlds.directory.projects_by_key_id.get(key_id)
    if project is None or not same_text(project.key_secret, key_secret):
        raise ApiError(ErrorCode.INVALID_CREDENTIALS, "Invalid credentials", hint=_EXPECTED, path="Authorization")
    return worlds.directory.acting_for(project)


ACCESS_KEY = TokenScheme("basic", known_by_access_key)
"""Basic with the access key of a project."""
