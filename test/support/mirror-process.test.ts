import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChecksumDatabase } from './checksum-database.ts';
import { bigModule, manyModules } from './fixture-modules.ts';
import { standardWorld } from './fixture-world.ts';
import { fetchRaw } from './http-client.ts';
import './loopback-only.ts';
import { startMirror } from './mirror-process.ts';

const world = await standardWorld();
const database = ChecksumDatabase.over(world.modules);

test('a mirror process serves the same as the world it was given, obeys and ends', async (t) => {
  const mirror = await startMirror({ ...world, database, name: 'a', basePath: '/p' }, t);
  const list = `${mirror.url}/example.com/leaf/@v/list`;
  assert.equal((await fetchRaw(list)).body.toString(), 'v1.0.0\nv1.1.0\nv1.2.0-rc.1\n');
  const lookup = await fetchRaw(`${mirror.url}/sumdb/sum.rondo.test/lookup/example.com/leaf@v1.0.0`);
  assert.deepEqual(lookup.body, database.answer('/lookup/example.com/leaf@v1.0.0').body);
  await mirror.setFault({ kind: 'status', status: 502 }, { match: /LIST$/i, times: 1 });
  assert.equal((await fetchRaw(list)).status, 502);
  assert.equal((await fetchRaw(list)).status, 200);
  assert.deepEqual(
    (await mirror.requests()).map(({ status }) => status),
    [200, 200, 502, 200],
  );
  await mirror.resetLog();
  await mirror.publish({ modules: [] });
  assert.equal((await fetchRaw(list)).status, 404);
  assert.equal((await mirror.requests()).length, 1);
  await mirror.setFault({ kind: 'refused' });
  assert.equal((await fetchRaw(list)).error?.code, 'ECONNREFUSED');
  await mirror.clearFaults();
  assert.equal((await fetchRaw(list)).status, 404);
  await mirror.stop();
  await mirror.stop();
  await assert.rejects(mirror.requests(), /has ended/);
  assert.equal((await fetchRaw(list)).error?.code, 'ECONNREFUSED');
});

test('1000 requests and a zip of 50 MiB pass whole', async (t) => {
  const [modules, big] = await Promise.all([manyModules(200), bigModule('example.com/huge', 'v1.0.0', 50)]);
  const mirror = await startMirror({ modules: [...modules, big] }, t);
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  t.after(() => agent.destroy());
  const suffixes = ['@v/list', '@latest', '@v/v1.0.0.info', '@v/v1.0.0.mod', '@v/v1.0.0.zip'];
  const urls = modules.flatMap(({ path }) => suffixes.map((suffix) => `${mirror.url}/${path}/${suffix}`));
  const answers = await Promise.all(urls.map((url) => fetchRaw(url, { agent })));
  assert.equal(answers.filter(({ status, complete }) => status === 200 && complete).length, 1000);
  assert.equal((await mirror.requests()).length, 1000);
  const whole = await fetchRaw(`${mirror.url}/example.com/huge/@v/v1.0.0.zip`);
  assert.ok(whole.complete && whole.body.equals(big.zip));
});

test('a mirror ends with its parent, even if that is killed', async () => {
  const program = `
    const { startMirror } = await import(${JSON.stringify(join(import.meta.dirname, 'mirror-process.ts'))});
    const mirror = await startMirror({ modules: [] });
    console.log(mirror.url);
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(parent.stdout), 'line')) as [string];
  assert.equal((await fetchRaw(url)).status, 404, 'the mirror lives');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  while ((await fetchRaw(url)).error?.code !== 'ECONNREFUSED') await sleep(20);
});

test('a forgotten mirror does not keep its parent alive', async () => {
  const program = `
    const { startMirror } = await import(${JSON.stringify(join(import.meta.dirname, 'mirror-process.ts'))});
    await startMirror({ modules: [] });
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
  assert.deepEqual(await once(parent, 'exit'), [0, null]);
});
