"""Makes a client of the official Python SDK that speaks to a simulator, whichever of its versions is installed.

Source: docs/platform/sdks.md#1 and #2.
"""

import inspect
from typing import Any

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.embedded.views import ApplicationView

__tracebackhide__ = True  # pytest shows the line of the test instead

_OF_ADDRESS = ("auth", "numbers", "sms", "verification", "voice", "voice_applications")
"""The hosts of version 1, which are set without a scheme."""
_OF_URL = ("auth", "numbers", "number_lookup", "sms", "voice_v2")
"""Those of version 2, which are whole URLs."""


def configured_client(application: ApplicationView, kind: str) -> Any:  # the SDK has no type hints
    """Returns a client with every credential of the application, whose every host is its simulator.

    ``kind`` is the class: ``SinchClientAsync`` where the installed version has it, else ``SinchClient``.
    """
    try:
        import sinch
    except ImportError:
        raise SimulatorError("sinch_client(): the SDK is not installed; pip install sinch") from None
    made = getattr(sinch, kind, sinch.SinchClient)
    credentials = {
        "project_id": application.project_id,
        "key_id": application.key_id,
        "key_secret": application.key_secret,
        "service_plan_id": application.service_plan_id,
        "sms_api_token": application.api_token,
        "application_key": application.key,
        "application_secret": application.secret,
        "sms_region": "us",
    }
    taken = inspect.signature(made.__init__).parameters
    client = made(**{name: value for name, value in credentials.items() if name in taken})
    configuration, url = client.configuration, application.url
    first = hasattr(configuration, "disable_https")
    host = url.partition("://")[2] if first else url
    if first:
        configuration.disable_https = True
    for name in _OF_ADDRESS if first else _OF_URL:
        setattr(configuration, f"{name}_origin", host)
    configuration.sms_origin_with_service_plan_id = host
    return client
