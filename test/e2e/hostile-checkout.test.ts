import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import '../support/loopback-only.ts';
import { makePipe } from '../support/named-pipe.ts';
import { startRawServer, onRequests, rawAnswer } from '../support/raw-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runRondo, stranger } from './rondo-command.ts';

test('pipes in a checkout hold up neither doctor nor why nor exec', async (t) => {
  const { url } = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.write(rawAnswer(404, 'not found'))),
  );
  const { env: own, home } = await stranger(t);
  const env = { ...own, GOPROXY: url.href };
  const cwd = await tempFolder(t, 'checkout');
  await mkdir(join(cwd, 'vendor'));
  await mkdir(join(cwd, '.github', 'workflows'), { recursive: true });
  for (const name of [
    'go.mod',
    'go.sum',
    'go.work',
    'vendor/modules.txt',
    '.github/workflows/ci.yml',
    'Makefile',
  ])
    makePipe(join(cwd, name));
  const options = { env: { ...env, HOME: home }, cwd };
  const doctor = await runRondo(t, ['doctor', '--json', '--no-direct'], options);
  assert.equal((JSON.parse(doctor.stdout) as { version: number }).version, 1, doctor.stderr);
  const why = await runRondo(t, ['why', 'example.com/m@v1.0.0', '--json', '--no-direct'], options);
  assert.equal((JSON.parse(why.stdout) as { version: number }).version, 1, why.stderr);
  const exec = await runRondo(t, ['exec', '--prefetch', '--', 'sh', '-c', 'exit 3'], options);
  assert.equal(exec.code, 3, exec.stderr);
});
