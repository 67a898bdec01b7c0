// Every method of the verification domain of @sinch/sdk-core, against SIMULATOR_URL. Prints what was called.
import assert from 'node:assert/strict';
import { SinchClient, Verification } from '@sinch/sdk-core';

const { SIMULATOR_URL: url, APPLICATION_KEY: key, APPLICATION_SECRET: secret } = process.env;
const number = '+46700000001';
const { startVerificationHelper: start, reportVerificationByIdHelper: byId } = Verification;
const { reportVerificationByIdentityHelper: byIdentity } = Verification;

const { verification } = new SinchClient({
  applicationKey: key,
  applicationSecret: secret,
  verificationHostname: url,
});

const called = new Set();
const watched = {};
for (const group of ['verifications', 'verificationStatus']) {
  watched[group] = new Proxy(verification[group], {
    get(target, name) {
      called.add(`${group}.${String(name)}`);
      return target[name].bind(target);
    },
  });
}
const { verifications, verificationStatus } = watched;

async function control(method, path, body) {
  const response = await fetch(`${url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return response.json();
}
const advance = (seconds) => control('POST', `/clock/advance?application=${key}`, { seconds });
const secretsOf = (id) => control('GET', `/verifications/${id}`);

// Texts: the language that is wanted goes as a header, and the code is what the phone shows.
const sms = await verifications.startSms(
  start.buildSmsRequest(number, 'order 1/ä', { codeType: 'Alphanumeric', locale: 'sv-SE', expiry: '00:01:00' }),
);
assert.equal(sms.method, 'sms');
assert.deepEqual([sms.sms.template, sms.sms.interceptionTimeout], ['Din verifieringskod är {{CODE}}.', 60]);
const { code } = await secretsOf(sms.id);
await assert.rejects(verifications.reportSmsById(byId.buildSmsRequest(sms.id, 'wrong')), (error) => {
  assert.equal(error.statusCode, 400);
  assert.equal(JSON.parse(error.data).errorCode, 40003);
  return true;
});
const pending = await verificationStatus.getById({ id: sms.id });
assert.deepEqual([pending.status, pending.price], ['PENDING', undefined]);
assert.ok(pending.verificationTimestamp instanceof Date);
const reported = await verifications.reportSmsById(byId.buildSmsRequest(sms.id, code));
assert.deepEqual([reported.status, reported.reference], ['SUCCESSFUL', 'order 1/ä']);
assert.equal((await verificationStatus.getByReference({ reference: 'order 1/ä' })).id, sms.id);
const again = await verifications.reportSmsByIdentity(byIdentity.buildSmsRequest(number, code));
assert.equal(again.status, 'SUCCESSFUL');

// WhatsApp.
const chat = await verifications.startWhatsApp(start.buildWhatsAppRequest(number, 'chat'));
const chatCode = (await secretsOf(chat.id)).code;
assert.equal((await verifications.reportWhatsAppById(byId.buildWhatsAppRequest(chat.id, chatCode))).status, 'SUCCESSFUL');
const chatAgain = await verifications.reportWhatsAppByIdentity(byIdentity.buildWhatsAppRequest(number, chatCode));
assert.equal(chatAgain.status, 'SUCCESSFUL');

// A flash call: the SDK reads all of its numbers, and the caller's number is the secret.
const flash = await verifications.startFlashCall(start.buildFlashCallRequest(number, undefined, 10));
const { cli } = await secretsOf(flash.id);
assert.match(cli, new RegExp(`^${flash.flashCall.cliFilter.replaceAll('(.*)', '.*')}$`.replace('+', '\\+')));
assert.equal((await verifications.reportFlashCallById(byId.buildFlashCallRequest(flash.id, cli))).status, 'SUCCESSFUL');
assert.equal(
  (await verifications.reportFlashCallByIdentity(byIdentity.buildFlashCallRequest(number, cli))).status,
  'SUCCESSFUL',
);
const found = await verificationStatus.getByIdentity({ endpoint: number, method: 'flashcall' });
assert.deepEqual([found.id, found.callComplete], [flash.id, true]);

// A phone call, under both of its names.
const call = await verifications.startPhoneCall(start.buildPhoneCallRequest(number, undefined, 'sv-SE'));
await advance(30);
const spoken = (await secretsOf(call.id)).code;
assert.equal((await verifications.reportPhoneCallById(byId.buildPhoneCallRequest(call.id, spoken))).status, 'SUCCESSFUL');
assert.equal(
  (await verifications.reportPhoneCallByIdentity(byIdentity.buildPhoneCallRequest(number, spoken))).status,
  'SUCCESSFUL',
);
assert.equal((await verificationStatus.getByIdentity({ endpoint: number, method: 'phonecall' })).id, call.id);
const callout = await verifications.startCallout(start.buildCalloutRequest(number));
const said = (await secretsOf(callout.id)).code;
assert.equal((await verifications.reportCalloutById(byId.buildCalloutRequest(callout.id, said))).status, 'SUCCESSFUL');
assert.equal(
  (await verifications.reportCalloutByIdentity(byIdentity.buildCalloutRequest(number, said))).status,
  'SUCCESSFUL',
);

// Mobile data, under both of its names.
await verifications.startSeamless(start.buildSeamlessRequest(number));
const data = await verifications.startData(start.buildDataRequest(number));
const arrived = await (await fetch(data.seamless.targetUri)).json();
assert.deepEqual([arrived.id, arrived.status], [data.id, 'SUCCESSFUL']);

const every = ['verifications', 'verificationStatus'].flatMap((group) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(verification[group]))
    .filter((name) => /^(start|report|get)[A-Z]/.test(name) && typeof verification[group][name] === 'function')
    .map((name) => `${group}.${name}`),
);
assert.deepEqual([...called].sort(), every.sort());
console.log(called.size);
