"""Every endpoint of the platform that this server has, in one table."""

from sinch_simulator.server.rest import (
    call_reports,
    calling,
    conferences,
    configuration,
    query_number,
    recordings,
    reporting,
)
from sinch_simulator.server.rest.platform import PlatformEndpoint

PLATFORM_ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    *calling.ENDPOINTS,
    *conferences.ENDPOINTS,
    *configuration.ENDPOINTS,
    *query_number.ENDPOINTS,
    *call_reports.ENDPOINTS,
    *reporting.ENDPOINTS,
    *recordings.ENDPOINTS,
)
