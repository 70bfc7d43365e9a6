import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Alert } from './conditions.ts';
import { webhookRequest } from './webhook.ts';

const ALERT: Alert = {
  kind: 'mirror-down',
  subject: 'a',
  message: 'a is down',
  id: 'x1',
  state: 'resolved',
  sinceMs: 0,
  untilMs: 5000,
  count: 1,
};
const server = 'build:7070';

test('the body and the signature are as Standard Webhooks has them', () => {
  const key = Buffer.from('a key of 24 bytes, or so');
  const signed = webhookRequest(ALERT, { server, secret: `whsec_${key.toString('base64')}` }, 9_999);
  const right = createHmac('sha256', key).update(`x1.resolved.9.${signed.body}`).digest('base64');
  assert.equal(signed.headers['webhook-signature'], `v1,${right}`);
  assert.deepEqual(JSON.parse(signed.body), {
    type: 'mirror-down.resolved',
    timestamp: '1970-01-01T00:00:05.000Z',
    data: {
      id: 'x1',
      server,
      kind: 'mirror-down',
      state: 'resolved',
      subject: 'a',
      message: 'a is down',
      since: '1970-01-01T00:00:00.000Z',
      until: '1970-01-01T00:00:05.000Z',
      count: 1,
    },
  });
});

test('any other text is a key too, and without one nothing is signed', () => {
  const signed = webhookRequest(ALERT, { server, secret: 'plain' }, 9_999);
  const right = createHmac('sha256', 'plain').update(`x1.resolved.9.${signed.body}`).digest('base64');
  assert.equal(signed.headers['webhook-signature'], `v1,${right}`);
  assert.equal(
    webhookRequest(ALERT, { server, secret: undefined }, 0).headers['webhook-signature'],
    undefined,
  );
});
