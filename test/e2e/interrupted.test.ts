import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { storeKey } from '../../src/gomod/store-key.ts';
import { manyModules } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { ONE_KEYSTROKE_MS } from '../../src/cli/drain.ts';
import { reverseCleanup, startExec } from '../support/rondo-process.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { assertCopyIsRight, filesBelow, goSum, isUnfinished, startMirrors } from './bench.ts';
import { startRondo, stranger } from './rondo-command.ts';

const MODULES = await manyModules(3);
const [FIRST] = MODULES;

const zipAsked = (mirror: MirrorProcess): Promise<void> =>
  until('a zip was asked for', async () =>
    (await mirror.requests()).some(({ path }) => path.endsWith('.zip')),
  );

test('Ctrl-C while init measures: nothing is written', async (t) => {
  const { env, home } = await stranger(t);
  const { url } = await startMeasuredMirror(t, { hangs: true });
  const options = { env: { ...env, GOPROXY: url.origin }, cwd: home };
  const rondo = startRondo(t, ['init', '--yes', '--chain-only'], options);
  await rondo.written(/asking 1 mirror,/);
  rondo.child.kill('SIGINT');
  await rondo.ended;
  assert.deepEqual([rondo.child.signalCode, rondo.stdout(), await readdir(home)], ['SIGINT', '', []]);
});

await testWith(
  ['go'],
  'Ctrl-C in a build under exec: the copy has whole files and nothing else',
  async (context) => {
    const t = reverseCleanup(context);
    const [mirror] = await startMirrors(t, ['a'], { modules: MODULES });
    await mirror.setFault({ kind: 'stall', afterBytes: 100 }, { kinds: ['zip'] });
    const requires = MODULES.map(({ path, version }) => `\t${path} ${version}\n`).join('');
    const cacheDir = await tempFolder(t, 'copy');
    const rondo = await startExec(t, ['go', 'mod', 'download'], {
      env: goEnvironment({ workspace: await goWorkspace(t), goproxy: mirror.url, gosumdb: 'off' }),
      cwd: await tempProject(t, {
        'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
        'go.sum': goSum(MODULES),
      }),
      cacheDir,
    });
    await zipAsked(mirror);
    rondo.child.kill('SIGINT');
    assert.equal(await rondo.ended, 130);
    assert.match(rondo.stderr(), /rondo: \d+ requests?/);
    assert.doesNotMatch(rondo.stderr(), /nothing upstream/, 'who stops it knows why it has ended');
    await assertCopyIsRight(cacheDir, MODULES);
    assert.deepEqual((await filesBelow(cacheDir)).filter(isUnfinished), []);
  },
);

test('serve stopped at once in the middle of a download leaves no part of a file', async (t) => {
  const { env, home } = await stranger(t);
  const cleanup = reverseCleanup(t);
  const [mirror] = await startMirrors(cleanup, ['a'], { modules: MODULES });
  await mirror.setFault({ kind: 'stall', afterBytes: 100 }, { kinds: ['zip'] });
  const cacheDir = await tempFolder(cleanup, 'copy');
  const options = { env: { ...env, GOPROXY: mirror.url }, cwd: home };
  const rondo = startRondo(cleanup, ['serve', '--port', '0', '--cache-dir', cacheDir], options);
  const [, url = ''] = await rondo.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  const { path: module, version } = FIRST ?? assert.fail('there are no modules');
  const got = fetchRaw(`${url}/${storeKey({ module, version, kind: 'zip' })}`).then(
    ({ status }) => (status === 200 ? 'whole' : 'not'),
    () => 'not',
  );
  await zipAsked(mirror);
  rondo.child.kill('SIGTERM');
  await rondo.written(/finishing what is under way/);
  // One keystroke may come as two signals: the second one counts once the first is half a second old.
  await new Promise((resolve) => setTimeout(resolve, 2 * ONE_KEYSTROKE_MS));
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 130);
  assert.equal(await got, 'not');
  await assertCopyIsRight(cacheDir, MODULES);
  assert.deepEqual((await filesBelow(cacheDir)).filter(isUnfinished), []);
});
