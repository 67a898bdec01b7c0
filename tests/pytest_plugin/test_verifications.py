"""Tests of apps that verify numbers: the fixtures as users have them, and what a failed test shows."""

import pytest

from support.pytest_plugin_runs import MakeProject, Project

TESTS = """
import base64, json, urllib.request

def verify(app, method="sms"):
    body = {"identity": {"type": "number", "endpoint": ANNA}, "method": method}
    request = urllib.request.Request(f"{app.url}/verification/v1/verifications", json.dumps(body).encode())
    credentials = base64.b64encode(f"{app.key}:{app.secret}".encode()).decode()
    request.add_header("Authorization", "Basic " + credentials)
    with urllib.request.urlopen(request) as response:
        return json.load(response)

def test_the_webhook_allows(sinch, sinch_webhook):
    verify(sinch)
    assert sinch.phone(ANNA).sms.wait().text.endswith(sinch.verifications[-1].code)
    assert sinch_webhook.events() == ["VerificationRequestEvent", "VerificationSmsDeliveredEvent"]

def test_it_fails_and_shows_what_happened(sinch):
    verify(sinch)
    sinch.advance(seconds=301)
    assert sinch.verifications[-1].status == "SUCCESSFUL"

def test_a_webhook_that_answers_svaml_fails_its_test(sinch):
    sinch.mount(lambda event: {"action": {"name": "hangup"}})
    sinch.change(verification_callback_url=sinch.callback_url)
    try:
        verify(sinch)
    except urllib.error.HTTPError as refused:
        assert refused.code == 422
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    """A project with one test that passes."""
    return make_project(TESTS)


def test_a_failed_test_shows_its_verifications_and_a_webhook_of_no_use_fails_it(project: Project) -> None:
    run = project.run("--sinch-report", "pages")
    assert run.outcome("test_the_webhook_allows") == "PASSED"
    failed = run.story("test_it_fails_and_shows_what_happened")
    assert "sinch verification: sms of +46700000001, FAIL" in failed
    assert "the verification has ended: FAIL, Expired" in failed
    assert "VERIFICATION_REPLY_UNUSABLE" in run.output
    assert run.outcome("test_a_webhook_that_answers_svaml_fails_its_test") in ("FAILED", "ERROR")
    [page] = (project.folder / "pages").glob("test_it.py-test_it_fails*.html")
    assert "Your verification code is" in page.read_text()
