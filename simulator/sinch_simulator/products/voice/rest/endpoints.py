"""Every endpoint of the platform that this server has, in one table."""

from sinch_simulator.products.voice.rest import (
    call_reports,
    calls,
    conferences,
    configuration,
    query_number,
    recordings,
    reporting,
)
from sinch_simulator.server.platform_api import PlatformEndpoint

PLATFORM_ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    *calls.ENDPOINTS,
    *conferences.ENDPOINTS,
    *configuration.ENDPOINTS,
    *query_number.ENDPOINTS,
    *call_reports.ENDPOINTS,
    *reporting.ENDPOINTS,
    *recordings.ENDPOINTS,
)
