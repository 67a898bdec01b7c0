// Every method of the sms domain of @sinch/sdk-core, against the simulator at SIMULATOR_URL, by service plan or, with
// BY_PROJECT, by project. Prints what was called.
import assert from 'node:assert/strict';
import { SinchClient } from '@sinch/sdk-core';
import { SmsCallbackWebhooks } from '@sinch/sms';

const {
  SIMULATOR_URL: url,
  APPLICATION_KEY: key,
  NUMBER: number,
  PROJECT_ID: projectId,
  KEY_ID: keyId,
  KEY_SECRET: keySecret,
  SERVICE_PLAN_ID: servicePlanId,
  API_TOKEN: apiToken,
  BY_PROJECT: byProject,
} = process.env;
const credentials = byProject ? { projectId, keyId, keySecret, authHostname: url } : { servicePlanId, apiToken };
const service = new SinchClient({ ...credentials, smsHostname: url, smsRegion: 'us' }).sms;
const called = new Set();

function watched(group) {
  return new Proxy(service[group], {
    get(target, name) {
      called.add(`${group}.${String(name)}`);
      return target[name].bind(target);
    },
  });
}
const batches = watched('batches');
const groups = watched('groups');
const deliveryReports = watched('deliveryReports');
const inbounds = watched('inbounds');

async function control(method, path, body) {
  const response = await fetch(`${url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return response.status === 204 ? undefined : response.json();
}

const [anna, ben, fails, secret] = ['+46700000001', '+46700000002', '+14045550130', 'a-test-secret'];
const now = new Date((await control('GET', `/clock?application=${key}`)).now);
const later = new Date(now.getTime() + 3_600_000);
const settings = { smsCallbackUrl: 'http://127.0.0.1:9/sms', smsWebhookSecret: secret };
await control('PATCH', `/applications/${key}`, settings);

// Batches: sent, scheduled, changed
const about = { to: [anna, fails], from: number };
const text = {
  ...about, body: 'Hi ${name}', delivery_report: 'full', parameters: { name: { [anna]: 'Anna', default: 'you' } },
  client_reference: 'r1', feedback_enabled: true,
};
const sent = await batches.sendTextMessage({ sendSMSRequestBody: text });
assert.deepEqual([sent.type, sent.from, sent.to], ['mt_text', number.slice(1), [anna.slice(1), fails.slice(1)]]);
assert.deepEqual(sent.created_at, now);
const binary = await batches.sendBinaryMessage({ sendSMSRequestBody: { ...about, body: 'AQI=', udh: '00' } });
assert.equal(binary.udh, '00');
const media = { ...about, body: { url: 'https://example.com/cat.jpg', message: 'A cat' } };
const shown = await batches.sendMediaMessage({ sendSMSRequestBody: media });
assert.deepEqual([shown.type, shown.body.message], ['mt_media', 'A cat']);
const waiting = await batches.send({ sendSMSRequestBody: { to: [anna], from: number, body: 'Later', send_at: later } });
const batch_id = waiting.id;
const updateBatchMessageRequestBody = { body: 'Sooner', to_add: [ben], to_remove: [anna] };
const updated = await batches.update({ batch_id, updateBatchMessageRequestBody });
assert.deepEqual([updated.body, updated.to], ['Sooner', [ben.slice(1)]]);
const replaceBatchMessageRequestBody = { to: [anna], from: number, body: 'Once more', send_at: later };
const replaced = await batches.replace({ batch_id, replaceBatchMessageRequestBody });
assert.deepEqual([replaced.body, replaced.id], ['Once more', batch_id]);
assert.deepEqual((await batches.get({ batch_id })).send_at, later);
assert.equal((await batches.cancel({ batch_id })).canceled, true);
const listed = [];
for await (const each of batches.list({ page_size: 2 })) {
  listed.push(each.id);
}
assert.deepEqual(new Set(listed), new Set([sent.id, binary.id, shown.id, batch_id]));
const [one] = (await batches.list({ client_reference: 'r1', from: `${number},123` })).data;
assert.equal(one.id, sent.id);
const dryRunRequestBody = { ...about, body: 'я'.repeat(80) };
const dry = await batches.dryRun({ per_recipient: true, number_of_recipients: 1, dryRunRequestBody });
assert.deepEqual([dry.number_of_messages, dry.per_recipient[0].number_of_parts], [4, 2]);

// Delivery reports
await control('POST', `/clock/advance?application=${key}`, { seconds: 1 });
const report = await deliveryReports.get({ batch_id: sent.id, type: 'full', status: ['Failed', 'Delivered'] });
assert.deepEqual(
  report.statuses.map(({ code, status, count, recipients }) => [code, status, count, recipients]),
  [[0, 'Delivered', 1, [anna.slice(1)]], [100, 'Failed', 1, [fails.slice(1)]]],
);
const single = await deliveryReports.getForNumber({ batch_id: sent.id, recipient_msisdn: anna });
assert.deepEqual([single.status, single.recipient], ['Delivered', anna.slice(1)]);
const failed = (await deliveryReports.list({ status: 'Failed', client_reference: 'r1' })).data;
assert.deepEqual(failed.map((each) => each.recipient), [fails.slice(1)]);
const deliveryFeedbackRequestBody = { recipients: [anna] };
await batches.sendDeliveryFeedback({ batch_id: sent.id, deliveryFeedbackRequestBody });

// Groups and texts that come in
const group = await groups.create({ createGroupRequestBody: { name: 'Staff', members: [anna] } });
const group_id = group.id;
assert.deepEqual([group.name, group.size], ['Staff', 1]);
const auto_update = { to: number, add: { first_word: 'JOIN' }, remove: { first_word: 'STOP' } };
const crew = await groups.update({ group_id, updateGroupRequestBody: { add: [ben], name: 'Crew', auto_update } });
assert.deepEqual([crew.size, crew.name], [2, 'Crew']);
assert.equal((await groups.get({ group_id })).auto_update.to, number.slice(1));
await control('POST', '/messages', { application: key, from: '+46700000005', text: 'join us' });
assert.deepEqual(await groups.listMembers({ group_id }), [anna.slice(1), ben.slice(1), '46700000005']);
assert.equal((await groups.replace({ group_id, replaceGroupRequestBody: { members: [ben] } })).size, 1);
assert.deepEqual((await groups.list({ page_size: 1 })).data.map((each) => each.id), [group_id]);
await groups.delete({ group_id });
await assert.rejects(groups.get({ group_id }), (error) => error.statusCode === 404);
const [inbound] = (await inbounds.list({ to: number })).data;
assert.deepEqual([inbound.type, inbound.body], ['mo_text', 'join us']);
assert.ok((await inbounds.get({ inbound_id: inbound.id })).received_at instanceof Date);

// Callbacks: the SDK's own check of the signature, and its reading
const webhooks = new SmsCallbackWebhooks(secret);
const { callbacks } = await control('GET', `/callbacks?application=${key}&product=sms`);
assert.deepEqual(new Set(callbacks.map((each) => each.event)), new Set(['delivery_report_sms', 'mo_text']));
for (const { request, event } of callbacks) {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  assert.ok(webhooks.validateAuthenticationHeader(headers, request.raw));
  assert.equal(webhooks.parseEvent(JSON.parse(request.raw)).type, event);
}

const methodsOf = (of) => Object.getOwnPropertyNames(Object.getPrototypeOf(of)).filter((name) => name !== 'constructor');
const all = ['batches', 'groups', 'deliveryReports', 'inbounds'].flatMap((group) =>
  methodsOf(service[group]).map((name) => `${group}.${name}`));
console.log(JSON.stringify({ called: [...called].sort(), all: all.sort() }));
