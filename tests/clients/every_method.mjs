// Every method of the voice domain of @sinch/sdk-core, against the simulator at SIMULATOR_URL. Prints what was called.
import assert from 'node:assert/strict';
import { SinchClient } from '@sinch/sdk-core';

const { SIMULATOR_URL: url, APPLICATION_KEY: key, APPLICATION_SECRET: secret, NUMBER: number } = process.env;
const callee = '+14045550199';
const to = { type: 'number', endpoint: callee };
const say = { name: 'say', text: 'One moment', locale: 'en-US' };

const { voice } = new SinchClient({
  applicationKey: key,
  applicationSecret: secret,
  voiceHostname: url,
  voiceApplicationManagementHostname: url,
});

const called = new Set();
const watched = {};
for (const group of ['applications', 'callouts', 'calls', 'conferences']) {
  watched[group] = new Proxy(voice[group], {
    get(target, name) {
      called.add(`${group}.${String(name)}`);
      return target[name].bind(target);
    },
  });
}
const { applications, callouts, calls, conferences } = watched;

async function control(method, path, body) {
  const response = await fetch(`${url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return response.status === 204 ? {} : response.json();
}
const advance = (seconds) => control('POST', `/clock/advance?application=${key}`, { seconds });

async function refused(request, message) {
  await assert.rejects(request, (error) => {
    const body = JSON.parse(error.data);
    assert.deepEqual([error.statusCode, body.errorCode], [404, 40400]);
    assert.match(body.message, message);
    return true;
  });
}

// Numbers and callback URLs
const owned = { number, applicationkey: key, capability: 'voice' };
assert.deepEqual((await applications.listNumbers({})).numbers, [owned]);
await applications.unassignNumber({ unassignNumbersRequestBody: owned });
assert.deepEqual((await applications.listNumbers({})).numbers, [{ number, capability: 'voice' }]);
await applications.assignNumbers({
  assignNumbersRequestBody: { numbers: [number], applicationkey: key, capability: 'voice' },
});
assert.deepEqual((await applications.listNumbers({})).numbers, [owned]);
await applications.updateCallbackURLs({
  applicationkey: key,
  updateCallbacksRequestBody: { url: { primary: 'http://127.0.0.1:9/a' } },
});
assert.deepEqual((await applications.getCallbackURLs({ applicationkey: key })).url, { primary: 'http://127.0.0.1:9/a' });
const asked = await applications.queryNumber({ number: '+46 73 017 01 01' });
assert.equal(asked.number.countryId, 'SE');
assert.equal(asked.number.normalizedNumber, '+46730170101');

// Callouts and calls
const spoken = await callouts.tts({
  ttsCalloutRequestBody: {
    method: 'ttsCallout',
    ttsCallout: { cli: number, destination: to, text: 'Hello', custom: 'order-42' },
  },
});
await advance(3);
const ended = await calls.get({ callId: spoken.callId });
assert.deepEqual(
  [ended.callId, ended.status, ended.result, ended.reason, ended.custom],
  [spoken.callId, 'FINAL', 'ANSWERED', 'MANAGERHANGUP', 'order-42'],
);
assert.ok(ended.timestamp instanceof Date);
assert.deepEqual(ended.to, { type: 'Number', endpoint: callee });
const custom = await callouts.custom({
  customCalloutRequestBody: {
    method: 'customCallout',
    customCallout: { cli: number, destination: to, ace: JSON.stringify({ action: { name: 'continue' } }) },
  },
});
await advance(3);
await calls.manageWithCallLeg({
  callId: custom.callId,
  callLeg: 'callee',
  manageWithCallLegRequestBody: { instructions: [say], action: { name: 'continue' } },
});
await calls.update({ callId: custom.callId, updateCallRequestBody: { action: { name: 'hangup' } } });
await advance(5);
assert.equal((await calls.get({ callId: custom.callId })).reason, 'MANAGERHANGUP');

// Conferences
const intoTheRoom = (endpoint) => ({
  conferenceCalloutRequestBody: {
    method: 'conferenceCallout',
    conferenceCallout: { cli: number, destination: { type: 'number', endpoint }, conferenceId: 'room', mohClass: 'music1' },
  },
});
const first = await callouts.conference(intoTheRoom(callee));
const second = await conferences.call(intoTheRoom('+14045550198'));
await advance(3);
let { participants } = await conferences.get({ conferenceId: 'room' });
assert.deepEqual(participants.map((participant) => participant.id), [first.callId, second.callId]);
await conferences.manageParticipant({
  conferenceId: 'room',
  callId: first.callId,
  manageParticipantRequestBody: { command: 'mute' },
});
({ participants } = await conferences.get({ conferenceId: 'room' }));
assert.deepEqual(participants.map((participant) => participant.muted), [true, false]);
await conferences.kickParticipant({ conferenceId: 'room', callId: first.callId });
await conferences.kickAll({ conferenceId: 'room' });
await refused(conferences.get({ conferenceId: 'room' }), /^No such ongoing conference 'room'/);

// Errors
await refused(calls.get({ callId: 'nobody' }), /^Call not found$/);

// What there is to be called: the methods of the groups themselves, not those that only set a client up.
const every = ['applications', 'callouts', 'calls', 'conferences'].flatMap((group) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(voice[group]))
    .filter((name) => name !== 'constructor')
    .map((name) => `${group}.${name}`),
);
assert.deepEqual([...called].sort(), every.sort());
console.log([...called].length);
