// Every method of the numbers domain of @sinch/sdk-core, against the simulator at SIMULATOR_URL. Prints what was called.
import assert from 'node:assert/strict';
import { SinchClient } from '@sinch/sdk-core';
import { NumbersCallbackWebhooks } from '@sinch/numbers';

const {
  SIMULATOR_URL: url,
  APPLICATION_KEY: key,
  NUMBER: number,
  PROJECT_ID: projectId,
  KEY_ID: keyId,
  KEY_SECRET: keySecret,
  SERVICE_PLAN_ID: servicePlanId,
} = process.env;
const service = new SinchClient({ projectId, keyId, keySecret, authHostname: url, numbersHostname: url }).numbers;
const called = new Set();

function watched(group, of) {
  return new Proxy(of, {
    get(target, name) {
      called.add(`${group}${String(name)}`);
      return target[name].bind(target);
    },
  });
}
const numbers = watched('', service);
const regions = watched('availableRegions.', service.availableRegions);
const callbacks = watched('callbacks.', service.callbacks);
const available = watched('availableNumber.', service.availableNumber);
const active = watched('activeNumber.', service.activeNumber);

async function control(method, path, body) {
  const response = await fetch(`${url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return response.json();
}

async function refused(request, status, message) {
  await assert.rejects(request, (error) => {
    const { error: body } = JSON.parse(error.data);
    assert.deepEqual([error.statusCode, body.code], [status, status]);
    assert.match(body.message, message);
    return true;
  });
}

// Regions, search and availability
const { availableRegions } = await regions.list({ types: ['LOCAL', 'MOBILE'] });
assert.deepEqual(availableRegions.map((region) => region.regionCode), ['AU', 'GB', 'SE', 'US']);
const wanted = { regionCode: 'US', type: 'LOCAL', size: 3, capabilities: ['SMS', 'VOICE'] };
const pattern = { 'numberPattern.pattern': '+1201', 'numberPattern.searchPattern': 'START' };
const { availableNumbers } = await numbers.searchForAvailableNumbers({ ...wanted, ...pattern });
const [first, second] = availableNumbers.map((each) => each.phoneNumber);
assert.match(first, /^\+1201/);
assert.equal((await available.list(wanted)).availableNumbers.length, 3);
assert.equal((await numbers.checkAvailability({ phoneNumber: first })).phoneNumber, first);
assert.equal((await available.checkAvailability({ phoneNumber: first })).monthlyPrice.amount, '0.80');

// What signs events
await callbacks.update({ updateCallbackConfigurationRequestBody: { hmacSecret: 'a test secret' } });
assert.deepEqual(await callbacks.get({}), { projectId, hmacSecret: 'a test secret' });

// Rent
const callbackUrl = 'http://127.0.0.1:9/events';
const rentNumberRequestBody = {
  smsConfiguration: { servicePlanId },
  voiceConfiguration: { type: 'RTC', appId: key },
  callbackUrl,
};
const rented = await numbers.rent({ phoneNumber: first, rentNumberRequestBody });
assert.equal(rented.smsConfiguration.scheduledProvisioning.status, 'WAITING');
assert.equal(rented.voiceConfiguration.scheduledVoiceProvisioning.appId, key);
assert.equal((await available.rent({ phoneNumber: second, rentNumberRequestBody: {} })).phoneNumber, second);
const rentAnyNumberRequestBody = { regionCode: 'US', type: 'LOCAL', numberPattern: { pattern: '303' } };
assert.match((await numbers.rentAny({ rentAnyNumberRequestBody })).phoneNumber, /^\+1303/);
assert.match((await available.rentAny({ rentAnyNumberRequestBody })).phoneNumber, /^\+1303/);
await control('POST', `/clock/advance?application=${key}`, { seconds: 2 });
assert.equal((await numbers.get({ phoneNumber: first })).voiceConfiguration.appId, key);
assert.equal((await active.get({ phoneNumber: first })).smsConfiguration.servicePlanId, servicePlanId);

// Pages, change, release
const listed = [];
const listing = { regionCode: 'US', type: 'LOCAL', capability: 'SMS', pageSize: 2, orderBy: 'phoneNumber' };
for await (const each of numbers.list(listing)) {
  listed.push(each.phoneNumber);
}
assert.equal(listed.length, 5);
assert.deepEqual(listed, [...listed].sort());
assert.ok(listed.includes(number));
assert.equal((await active.list({ regionCode: 'US', type: 'LOCAL', pageSize: 1 })).data.length, 1);
const sales = { phoneNumber: first, updateActiveNumberRequestBody: { displayName: 'Sales' } };
assert.equal((await numbers.update(sales)).displayName, 'Sales');
const trunk = { displayName: 'Trunk', voiceConfiguration: { type: 'EST', trunkId: 'T1' } };
const changed = await active.update({ phoneNumber: first, updateActiveNumberRequestBody: trunk });
assert.deepEqual([changed.displayName, changed.voiceConfiguration.type], ['Trunk', 'RTC']);
assert.equal(changed.voiceConfiguration.scheduledVoiceProvisioning.trunkId, 'T1');
const released = await numbers.release({ phoneNumber: first });
assert.deepEqual(released.expireAt, released.nextChargeDate);
assert.equal((await active.release({ phoneNumber: second })).phoneNumber, second);
await refused(numbers.get({ phoneNumber: first }), 404, /no active number/);

// What is not simulated says so
const address = { phoneNumber: number };
for (const group of [numbers, active]) {
  await refused(group.getEmergencyAddress(address), 501, /emergencyAddress/);
  await refused(group.deprovisionEmergencyAddress(address), 501, /deprovision/);
  await refused(group.provisionEmergencyAddress({ ...address, emergencyAddressRequestBody: {} }), 501, /provision/);
  await refused(group.validateEmergencyAddress({ ...address, validateAddressRequestBody: {} }), 501, /validate/);
}

// Events: the SDK's own check of the signature, and its reading
const webhooks = new NumbersCallbackWebhooks('a test secret');
const query = `application=${key}&number=${encodeURIComponent(first)}`;
const { callbacks: sent } = await control('GET', `/callbacks?${query}`);
assert.ok(sent.length > 0);
for (const { request } of sent) {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  assert.ok(webhooks.validateAuthenticationHeader(headers, request.raw));
  const event = webhooks.parseEvent(JSON.parse(request.raw));
  assert.deepEqual([event.resourceId, event.status], [first, 'SUCCEEDED']);
  assert.ok(event.timestamp instanceof Date);
}

const setup = /^(constructor|getApiClient|set[A-Z].*)$/;
const methodsOf = (of) => Object.getOwnPropertyNames(Object.getPrototypeOf(of)).filter((name) => !setup.test(name));
const all = methodsOf(service);
for (const group of ['availableRegions', 'callbacks', 'availableNumber', 'activeNumber']) {
  all.push(...methodsOf(service[group]).map((name) => `${group}.${name}`));
}
console.log(JSON.stringify({ called: [...called].sort(), all: all.sort() }));
