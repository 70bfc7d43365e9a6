import assert from 'node:assert/strict';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import { goWorkspace, goEnvironment } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { askedOf, chainOf, DATABASE, NEEDED, PROJECT, SERVED } from './bench.ts';
import { runRondo } from './rondo-command.ts';

await testWith(
  ['go'],
  'what go.sum names is fetched while the command starts, each file once, whoever asks for it',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
    const cwd = await tempProject(t, PROJECT);
    const env = {
      ...copy.env,
      ...goEnvironment({
        workspace: await goWorkspace(t),
        goproxy: chainOf(copy.mirrors),
        gosumdb: DATABASE.key,
      }),
    };
    const built = await runRondo(t, ['exec', '--prefetch', '--', 'go', 'build', './...'], {
      env: { ...env, RONDO_CACHE_DIR: copy.cacheDir },
      cwd,
    });
    assert.equal(built.code, 0, built.stderr);
    const asked = (await Promise.all(copy.mirrors.map(askedOf))).flat().map(({ path }) => path);
    for (const module of NEEDED) {
      const zip = `/${keyOf(module, 'zip')}`;
      assert.equal(asked.filter((path) => path === zip).length, 1, zip);
    }
  },
);

await testWith(
  ['go'],
  'a command that takes its time has everything by then; one that ends is not kept waiting',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
    const cwd = await tempProject(t, PROJECT);
    const slow = await runRondo(t, ['exec', '--prefetch', '--', 'sleep', '3'], { env: copy.env, cwd });
    assert.equal(slow.code, 0, slow.stderr);
    assert.match(slow.stderr, /^rondo: 0 requests; 15 files fetched ahead; /m);
    const held = await runRondo(t, ['verify'], { env: copy.env, cwd });
    assert.equal(held.code, 0, `${held.stdout}${held.stderr}`);

    const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
    for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'hang' }, { match: /\.zip$/ });
    const quick = await runRondo(t, ['exec', '--prefetch', '--', 'true'], { env: other.env, cwd });
    assert.equal(quick.code, 0, quick.stderr);
  },
);

await testWith(
  ['go'],
  'where there is no project the command runs all the same, and that is said',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
    const run = await runRondo(t, ['exec', '--prefetch', '--', 'sleep', '1'], {
      env: copy.env,
      cwd: await tempFolder(t, 'empty'),
    });
    assert.equal(run.code, 0);
    assert.match(
      run.stderr,
      /warning: nothing is fetched ahead: there is no go\.mod, go\.work or go\.sum in /,
    );
  },
);
