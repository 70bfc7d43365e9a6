import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RondoError } from '../errors/rondo-error.ts';
import { onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import { tempProject } from '../../test/support/temp-folder.ts';
import { attempt, found, textOf, trustIn, UPSTREAM_SETTINGS } from '../../test/support/upstream-for-test.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Upstream } from './attempt.ts';
import { openUpstream } from './open-upstream.ts';

function open(url: URL): Upstream {
  return openUpstream({
    endpoint: { name: 'm', url },
    settings: UPSTREAM_SETTINGS,
    trust: trustIn(),
    clock: new VirtualClock(),
    identity: { instanceId: 'test', userAgent: 'rondo/test' },
  });
}

test('a folder and a server answer alike', async (t) => {
  const folder = await tempProject(t, { 'a/@v/list': 'v1.0.0\n' });
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.end(rawAnswer(200, 'v1.0.0\n'))),
  );
  for (const url of [pathToFileURL(folder), server.url]) {
    const upstream = open(url);
    assert.equal(await textOf(found(await attempt(upstream, '/a/@v/list')).body), 'v1.0.0\n');
    await upstream.close();
  }
});

for (const url of ['ftp://mirror.example/', 'file://mirror.example/folder']) {
  test(`${url} is no mirror`, () => {
    assert.throws(
      () => open(new URL(url)),
      (error) => error instanceof RondoError && error.code === 'E_BAD_MIRROR_URL',
    );
  });
}
