import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { askedOf, assertWorks, chainOf, startMirrors } from './bench.ts';

await testWith(['go'], 'two mirrors answer 404 for M/sub, one hangs: go get M/sub works', async (test) => {
  const t = reverseCleanup(test);
  const parent = await fixtureModule({
    path: 'example.com/parent',
    version: 'v1.0.0',
    files: { 'sub/sub.go': 'package sub\n' },
  });
  const database = ChecksumDatabase.over([parent]);
  const mirrors = await startMirrors(t, ['a', 'b', 'hangs'], { modules: [parent], database });
  await mirrors[2].setFault({ kind: 'hang' });
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb: database.key });
  const rondo = await serveRondo(t, { env });
  const go = { workspace, cwd, goproxy: rondo.url, gosumdb: database.key };

  // The package is in M; go asks for M/sub as a module beside it, and takes anything but 404 as fatal.
  const run = await goCommand(['get', 'example.com/parent/sub'], go);
  assertWorks(run, rondo.stderr());
  test.diagnostic(`go get took ${Math.round(run.durationMs)} ms`);
  const asked = (await Promise.all(mirrors.map(askedOf))).flat();
  const agreed = asked.filter(
    ({ path, status }) => path === '/example.com/parent/sub/@v/list' && status === 404,
  );
  assert.equal(agreed.length, 2, 'both were asked for M/sub, once each');
});
