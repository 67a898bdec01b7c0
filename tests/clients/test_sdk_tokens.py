"""Each official SDK gets a token from the simulator by itself, uses it, and renews it when it has expired."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sinch import SinchClient
from sinch.core.exceptions import SinchException

from support.sdk_world import Account

RunProgram = Callable[[str, Mapping[str, str]], str]
SINCH_2 = """
import json, os, urllib.request
from sinch import SinchClient

url = os.environ["SIMULATOR_URL"]
client = SinchClient(
    project_id=os.environ["PROJECT_ID"], key_id=os.environ["KEY_ID"], key_secret=os.environ["KEY_SECRET"]
)
client.configuration.auth_origin = url
client.configuration.numbers_origin = url

def owned():
    return [number.phone_number for number in client.numbers.list(region_code="US", number_type="LOCAL").iterator()]

first, token = owned(), client.configuration.token_manager.token
owned()
assert client.configuration.token_manager.token is token
expire = f"{url}/_simulator/tokens/expire?application={os.environ['APPLICATION_KEY']}"
urllib.request.urlopen(urllib.request.Request(expire, method="POST"))
assert owned() == first == [os.environ["NUMBER"]], (owned(), first)
assert client.configuration.token_manager.token.access_token != token.access_token
client.configuration.token_manager.token = None
client.configuration.key_secret = "wrong"
try:
    owned()
except Exception as error:
    print(type(error).__name__, error)
"""
NODE = """
import assert from 'node:assert/strict';
import { SinchClient } from '@sinch/sdk-core';
const { SIMULATOR_URL: url, PROJECT_ID, KEY_ID, KEY_SECRET, APPLICATION_KEY, NUMBER } = process.env;
const settings = { projectId: PROJECT_ID, keyId: KEY_ID, authHostname: url, numbersHostname: url };
const owned = async (client) => {
  const list = await client.numbers.list({ regionCode: 'US', type: 'LOCAL' });
  return list.data.map((number) => number.phoneNumber);
};
const client = new SinchClient({ ...settings, keySecret: KEY_SECRET });
assert.deepEqual(await owned(client), [NUMBER]);
await fetch(`${url}/_simulator/tokens/expire?application=${APPLICATION_KEY}`, { method: 'POST' });
assert.deepEqual(await owned(client), [NUMBER]);
await assert.rejects(owned(new SinchClient({ ...settings, keySecret: 'wrong' })), (error) => {
  console.log(error.name, error.message);
  return true;
});
"""


def client_of(account: Account, secret: str) -> Any:
    """The client of ``sinch`` 1.1.4, which has no type hints."""
    client = SinchClient(project_id=account.project_id, key_id=account.key_id, key_secret=secret)
    client.configuration.disable_https = True
    client.configuration.auth_origin = account.address
    client.configuration.numbers_origin = account.address
    return client


def owned(client: Any) -> list[str]:
    return [number.phone_number for number in client.numbers.active.list("US", "LOCAL").result.active_numbers]


def test_python_1(account: Account) -> None:
    client = client_of(account, account.key_secret)
    assert owned(client) == [account.number]
    token = client.configuration.token_manager.token.access_token
    account.control("POST", f"/tokens/expire?application={account.key}")
    assert owned(client) == [account.number]
    assert client.configuration.token_manager.token.access_token != token
    client.configuration.transport.http_session.close()
    refused = client_of(account, "wrong")
    with pytest.raises(SinchException, match="Client authentication failed: The password is not the secret"):
        owned(refused)
    refused.configuration.transport.http_session.close()


def test_python_2(run_sinch_2: RunProgram, account: Account) -> None:
    told = run_sinch_2(SINCH_2, account.environment)
    assert "AuthenticationException" in told
    assert "Client authentication failed: The password is not the secret" in told


def test_node(run_node: RunProgram, account: Account) -> None:
    assert "401" in run_node(NODE, account.environment)
