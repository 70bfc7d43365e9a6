import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mirrorsOf } from '../faults/invariants.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { onRequests, rawAnswer, startRawServer } from '../support/raw-server.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';

const MODULES = 10;
const TIMED_OUT = rawAnswer(404, 'not found: fetch timed out\n', { 'content-type': 'text/plain' });

/** A mirror that has every go.mod, but cannot get at what lies on one host: it is silent, or says so. */
async function startMirror(
  t: Cleanup,
  says: string | undefined,
): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      const path = head.split(' ')[1] ?? '';
      if (!path.startsWith('/hung.example/'))
        return socket.write(rawAnswer(200, `module ${path.slice(1).split('/@v/')[0]}\n`));
      asked.push(path);
      return says === undefined || socket.write(says);
    }),
  );
  return { origin: server.url.origin, asked };
}

for (const [what, says] of [
  ['are silent', undefined],
  ['say 404, timed out', TIMED_OUT],
] as const) {
  test(`one client asks for modules of a host that hangs, for which all mirrors ${what}: nobody else notices`, async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await Promise.all([1, 2, 3].map(() => startMirror(t, says)));
    const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: 'off' });
    const proxy = mirrors.map(({ origin }) => origin).join(',');
    const config = `proxy = ${proxy}\n[timeouts]\nheader_soft = 1s\nheader = 1500ms\n`;
    const rondo = await serveRondo(t, { env, config });
    const statusOf = async (module: string): Promise<number> =>
      (await fetchRaw(`${rondo.url}/${module}/@v/v1.0.0.mod`)).status;
    const askFor = (host: string, count: number): Promise<number[]> =>
      Promise.all(Array.from({ length: count }, async (_, n) => statusOf(`${host}/m${n}`)));

    const hung = await askFor('hung.example', MODULES);
    assert.ok(
      hung.every((status) => status === 502 || status === 504),
      hung.join(' '),
    );
    for (const { asked } of mirrors)
      assert.equal(
        new Set(asked).size,
        MODULES,
        'each mirror failed each of them, more in a row than opens a gate',
      );
    assert.deepEqual(new Set(await askFor('example.com', 30)), new Set([200]));
    const seen = await mirrorsOf(rondo);
    assert.deepEqual(
      seen.map(({ status, lastFailure }) => [status, lastFailure]),
      [1, 2, 3].map(() => ['HEALTHY', undefined]),
    );
    assert.equal(await rondo.stop(), 0, rondo.stderr());
  });
}
