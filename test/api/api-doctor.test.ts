import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fetchRaw, orderOf } from '../support/http-client.ts';
import { listen } from '../support/raw-server.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { apiServer } from './api-server.ts';

test('a server that drains ends the doctor that looks, instead of waiting for a mirror', async (context) => {
  const t = reverseCleanup(context);
  const isAsked = Promise.withResolvers<void>();
  const silent = createServer((request, response) => {
    if (request.url?.endsWith('.zip') === true) isAsked.resolve();
    else response.end('v1.0.0\n');
  });
  const { url: mirror } = await listen(t, silent, [], '127.0.0.1', 'http');
  const { app, url } = await apiServer(t, { GOPROXY: mirror.href, RONDO_SERVER_DRAIN: '1h' });
  const answer = fetchRaw(`${url}/-/api/doctor`, orderOf({}));
  await isAsked.promise;
  await app.drain();
  const { status, body } = await answer;
  assert.match(body.toString(), /Rondo is shutting down/);
  assert.equal(status, 503);
});
