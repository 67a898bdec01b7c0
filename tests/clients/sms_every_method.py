"""Every method of the sms domain of ``sinch`` 2, against the simulator at SIMULATOR_URL. Prints what was called.

It is run by ``test_sms_sdks.py`` in a process that has this SDK, by service plan or, with BY_PROJECT, by project.
"""

import json
import os
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

from sinch import SinchClient

url, key, number = (os.environ[name] for name in ("SIMULATOR_URL", "APPLICATION_KEY", "NUMBER"))
ANNA, BEN, FAILS = "+46700000001", "+46700000002", "+14045550130"
SECRET = "a-test-secret"
if "BY_PROJECT" in os.environ:
    client: Any = SinchClient(
        project_id=os.environ["PROJECT_ID"],
        key_id=os.environ["KEY_ID"],
        key_secret=os.environ["KEY_SECRET"],
        sms_region="us",
    )
    client.configuration.auth_origin = client.configuration.sms_origin = url
else:
    client = SinchClient(
        service_plan_id=os.environ["SERVICE_PLAN_ID"], sms_api_token=os.environ["API_TOKEN"], sms_region="us"
    )
    client.configuration.sms_origin_with_service_plan_id = url
called: set[str] = set()


class Watched:
    """Passes calls on to a part of the SDK, and notes their names."""

    def __init__(self, prefix: str, part: Any) -> None:
        self.prefix, self.part = prefix, part

    def __getattr__(self, name: str) -> Any:
        called.add(f"{self.prefix}{name}")
        return getattr(self.part, name)


sms = client.sms
batches, groups = Watched("batches.", sms.batches), Watched("groups.", sms.groups)
reports, inbounds = Watched("delivery_reports.", sms.delivery_reports), Watched("inbounds.", sms.inbounds)


def control(method: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_simulator{path}", data, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read()
    return json.loads(text) if text else None


def advance(seconds: float) -> None:
    control("POST", f"/clock/advance?application={key}", {"seconds": seconds})


# The clock of the simulator is its own: a batch is scheduled by that.
now = datetime.fromisoformat(control("GET", f"/clock?application={key}")["now"])
later = now + timedelta(hours=1)
control("PATCH", f"/applications/{key}", {"smsCallbackUrl": "http://127.0.0.1:9/sms", "smsWebhookSecret": SECRET})

# Batches: sent, scheduled, changed
about: dict[str, Any] = {"to": [ANNA, FAILS], "from_": number}
sent = batches.send_sms(
    **about, body="Hi ${name}", delivery_report="full", parameters={"name": {ANNA: "Anna", "default": "you"}},
    client_reference="r1", feedback_enabled=True, max_number_of_message_parts=2,
)  # fmt: skip
assert (sent.type, sent.from_, sent.to) == ("mt_text", number[1:], [ANNA[1:], FAILS[1:]])
assert sent.created_at == now
binary = batches.send_binary(**about, body="AQI=", udh="06050423F423F4")
assert (binary.type, binary.udh) == ("mt_binary", "06050423f423f4")
media = batches.send_mms(**about, body={"url": "https://example.com/cat.jpg", "message": "A cat"})
assert (media.type, media.body.message) == ("mt_media", "A cat")
waiting = batches.send({"to": [ANNA], "from_": number, "body": "Later", "type": "mt_text", "send_at": later})
assert waiting.send_at == later
assert batches.update(waiting.id, {"body": "Sooner", "type": "mt_text"}).body == "Sooner"
assert batches.update_sms(waiting.id, to_add=[BEN], to_remove=[ANNA]).to == [BEN[1:]]
assert batches.update_binary(waiting.id, body="AQI=", udh="00").type == "mt_binary"
changed = batches.update_mms(waiting.id, body={"url": "https://example.com/dog.jpg"})
assert (changed.type, changed.body.url) == ("mt_media", "https://example.com/dog.jpg")
again = {"to": [ANNA], "from_": number, "send_at": later}
assert batches.replace(waiting.id, **again, body="Once more", type="mt_text").body == "Once more"
assert batches.replace_binary(waiting.id, **again, body="AQI=", udh="00").udh == "00"
assert batches.replace_mms(waiting.id, **again, body={"url": "https://example.com/d.jpg"}).type == "mt_media"
assert batches.replace_sms(waiting.id, **again, body="At last").body == "At last"
assert batches.get(waiting.id).id == waiting.id
assert batches.cancel(waiting.id).canceled is True
assert {each.id for each in batches.list(page_size=2).iterator()} == {sent.id, binary.id, media.id, waiting.id}
[one] = batches.list(client_reference="r1", from_=[number, "Nobody"]).iterator()
assert one.id == sent.id

# Dry runs
dry = {**about, "body": "я" * 80}
assert batches.dry_run(**dry, type="mt_text").number_of_messages == 4
shown = batches.dry_run_sms(**dry, per_recipient=True, number_of_recipients=1)
assert [(each.recipient, each.number_of_parts) for each in shown.per_recipient] == [(ANNA[1:], 2)]
assert batches.dry_run_binary(**about, body="AQI=", udh="00").number_of_messages == 2
assert batches.dry_run_mms(**about, body={"url": "https://example.com/cat.jpg"}).number_of_recipients == 2

# Delivery reports
advance(1)
report = reports.get(sent.id, report_type="full")
assert [(each.code, each.status, each.count, each.recipients) for each in report.statuses] == [
    (0, "Delivered", 1, [ANNA[1:]]),
    (100, "Failed", 1, [FAILS[1:]]),
]
single = reports.get_for_number(sent.id, ANNA)
assert (single.status, single.number_of_message_parts, single.recipient) == ("Delivered", 1, ANNA[1:])
failed = list(reports.list(status=["Failed"], code=[100], client_reference="r1").iterator())
assert [each.recipient for each in failed] == [FAILS[1:]]
batches.send_delivery_feedback(sent.id, [ANNA])

# Groups and texts that come in
group = groups.create(name="Staff", members=[ANNA])
assert (group.name, group.size) == ("Staff", 1)
rule = {"to": number, "add": {"first_word": "JOIN"}, "remove": {"first_word": "STOP"}}
assert groups.update(group.id, add=[BEN], name="Crew", auto_update=rule).size == 2
assert groups.get(group.id).auto_update.to == number[1:]
control("POST", "/messages", {"application": key, "from": "+46700000005", "text": "join us"})
assert list(groups.list_members(group.id).iterator()) == [ANNA[1:], BEN[1:], "46700000005"]
assert groups.replace(group.id, members=[BEN]).size == 1
assert [each.id for each in groups.list(page_size=1).iterator()] == [group.id]
groups.delete(group.id)
refused = ""
try:
    groups.get(group.id)
except Exception as error:
    refused = str(error)
assert refused
[inbound] = inbounds.list(to=[number]).iterator()
assert (inbound.type, inbound.body, inbound.from_) == ("mo_text", "join us", "46700000005")
assert inbounds.get(inbound.id).body == "join us"

# Events: the SDK's own check of the signature, and its reading
handler = sms.sinch_events(SECRET)
posted = control("GET", f"/callbacks?application={key}&product=sms")["callbacks"]
assert {each["event"] for each in posted} == {"delivery_report_sms", "mo_text"}
for callback in posted:
    request = callback["request"]
    assert handler.validate_authentication_header(request["headers"], request["raw"])
    event = handler.parse_event(request["raw"])
    assert event.type == callback["event"]

parts = {"batches": sms.batches, "groups": sms.groups, "delivery_reports": sms.delivery_reports}
every_method = {
    f"{prefix}.{name}"
    for prefix, part in {**parts, "inbounds": sms.inbounds}.items()
    for name in vars(type(part))
    if not name.startswith("_")
}
assert datetime.now(UTC) > now
print(json.dumps({"called": sorted(called), "all": sorted(every_method)}))
