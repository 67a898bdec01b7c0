"""Every method of the numbers domain of ``sinch`` 2, against the simulator at SIMULATOR_URL. Prints what was called.

It is run by ``test_numbers_sdks.py`` in a process that has this SDK.
"""

import json
import os
import urllib.request
from typing import Any

from sinch import SinchClient

url, key, number = (os.environ[name] for name in ("SIMULATOR_URL", "APPLICATION_KEY", "NUMBER"))
client: Any = SinchClient(
    project_id=os.environ["PROJECT_ID"], key_id=os.environ["KEY_ID"], key_secret=os.environ["KEY_SECRET"]
)
client.configuration.auth_origin = client.configuration.numbers_origin = url
called: set[str] = set()


class Watched:
    """Passes calls on to a part of the SDK, and notes their names."""

    def __init__(self, prefix: str, part: Any) -> None:
        self.prefix, self.part = prefix, part

    def __getattr__(self, name: str) -> Any:
        called.add(f"{self.prefix}{name}")
        return getattr(self.part, name)


numbers = Watched("", client.numbers)
regions = Watched("regions.", client.numbers.regions)
destinations = Watched("event_destinations.", client.numbers.event_destinations)


def control(method: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_simulator{path}", data, method=method)) as response:
        return json.load(response)


# Regions, search and availability
assert {region.region_code for region in regions.list(types=["MOBILE", "LOCAL"]).iterator()} == {"AU", "GB", "SE", "US"}
found = list(
    numbers.search_for_available_numbers(
        region_code="US",
        number_type="LOCAL",
        number_pattern="+1201",
        number_search_pattern="START",
        capabilities=["SMS", "VOICE"],
        page_size=3,
    ).iterator()
)
assert len(found) == 3
assert found[0].phone_number.startswith("+1201")
assert (found[0].monthly_price.currency_code, found[0].capability) == ("EUR", ["SMS", "VOICE"])
assert numbers.check_availability(found[0].phone_number).phone_number == found[0].phone_number

# Event destination: what signs events
assert destinations.update(hmac_secret="a test secret").hmac_secret == "a test secret"
assert destinations.get().hmac_secret == "a test secret"

# Rent
events = "http://127.0.0.1:9/events"
rented = numbers.rent(
    found[0].phone_number,
    sms_configuration={"service_plan_id": os.environ["SERVICE_PLAN_ID"]},
    voice_configuration={"type": "RTC", "app_id": key},
    event_destination_target=events,
)
assert rented.sms_configuration.scheduled_provisioning.status == "WAITING"
assert rented.voice_configuration.scheduled_voice_provisioning.app_id == key
assert rented.event_destination_target == events
control("POST", f"/clock/advance?application={key}", {"seconds": 2})
active = numbers.get(rented.phone_number)
assert active.sms_configuration.service_plan_id == os.environ["SERVICE_PLAN_ID"]
assert active.voice_configuration.app_id == key
trunk = numbers.rent_any(
    region_code="US",
    number_type="LOCAL",
    sms_configuration={"service_plan_id": os.environ["SERVICE_PLAN_ID"]},
    voice_configuration={"type": "EST", "trunk_id": "01HA9BVKRWVNKN5WHKRMBBXDHK"},
    number_pattern={"pattern": "303", "search_pattern": "START"},
    capabilities=["SMS", "VOICE"],
)
assert trunk.phone_number.startswith("+1303")

# Pages, change, release
listed = [
    each.phone_number
    for each in numbers.list(
        region_code="US", number_type="LOCAL", capabilities=["SMS"], page_size=1, order_by="phoneNumber"
    ).iterator()
]
assert listed == sorted([number, rented.phone_number, trunk.phone_number])
changed = numbers.update(
    rented.phone_number, display_name="Sales", voice_configuration={"type": "FAX", "service_id": "F1"}
)
assert (changed.display_name, changed.voice_configuration.app_id) == ("Sales", key)
assert changed.voice_configuration.scheduled_voice_provisioning.service_id == "F1"
released = numbers.release(rented.phone_number)
assert released.expire_at == released.next_charge_date
refused = ""
try:
    numbers.get(rented.phone_number)
except Exception as error:
    refused = str(error)
assert "no active number" in refused, refused

# Events: the SDK's own check of the signature, and its reading
handler = numbers.sinch_events("a test secret")
sent = control("GET", f"/callbacks?application={key}&number={rented.phone_number}")["callbacks"]
assert sent
for callback in sent:
    request = callback["request"]
    assert handler.validate_authentication_header(request["headers"], request["raw"])
    event = handler.parse_event(request["raw"])
    assert (event.resource_id, event.status) == (rented.phone_number, "SUCCEEDED")
    assert event.timestamp.tzinfo is not None

every_method = {name for name in vars(type(client.numbers)) if not name.startswith("_")}
every_method |= {"regions.list", "event_destinations.get", "event_destinations.update"}
print(json.dumps({"called": sorted(called), "all": sorted(every_method)}))
