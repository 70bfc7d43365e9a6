import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import type { MirrorsAnswer } from '../../src/api/answers.ts';
import { createAuthority } from '../support/certificates.ts';
import { fetchRaw } from '../support/http-client.ts';
import { listen } from '../support/raw-server.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { testApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';
import { describe } from './described.ts';

test('until when the certificate of a mirror is valid is told as it is described', async (context) => {
  const t = reverseCleanup(context);
  const authority = createAuthority();
  // Certificates know seconds.
  const untilMs = Math.floor(Date.now() / 1000) * 1000 + 40 * 86_400_000;
  const { keyPem: key, certPem: cert } = authority.issue(['127.0.0.1'], { untilMs });
  const sockets: Socket[] = [];
  const server = createServer({ key, cert }, (_request, response) => response.end('v1.0.0\n'));
  server.on('connection', (socket) => sockets.push(socket));
  const { url: mirror } = await listen(t, server, sockets, '127.0.0.1', 'https');
  const roots = join(await tempFolder(t, 'roots'), 'ca.pem');
  await writeFile(roots, authority.certPem);
  const env = { GOPROXY: mirror.href, GOSUMDB: 'off', SSL_CERT_FILE: roots, RONDO_PROBE_INTERVAL: '1s' };
  const app = await testApp(t, { env: () => env });
  const { url } = await app.listen('127.0.0.1', 0);
  const ask = async (): Promise<unknown> =>
    JSON.parse((await fetchRaw(`${url}/-/api/mirrors`)).body.toString());
  await until('a health check has met it', async () => {
    const [shown] = ((await ask()) as MirrorsAnswer).mirrors;
    return shown?.certificateUntilMs === untilMs;
  });
  const { calls } = await describe(url);
  const call = calls.find(({ path }) => path === '/-/api/mirrors');
  const schema = call?.answers.get(200)?.content['application/json']?.schema;
  assert.ok(schema !== undefined);
  z.fromJSONSchema(schema).parse(await ask());
});
