import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, manyModules } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { serveRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { assertCopyIsRight, assertWorks, chainOf, copyFiles, goSum, startMirrors } from './bench.ts';

await testWith(
  ['go'],
  'killed in the middle of a download: after a restart it completes, and nothing half-written is served',
  async (t) => {
    const modules = [...(await manyModules(12)), await bigModule('example.com/big', 'v1.0.0', 8)];
    const database = ChecksumDatabase.over(modules);
    const mirrors = await startMirrors(t, ['a', 'b'], { modules, database });
    for (const mirror of mirrors) await mirror.setFault({ kind: 'paced', overMs: 1500 }, { kinds: ['zip'] });
    const cacheDir = await tempFolder(t, 'cache');
    const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
    const cwd = await tempProject(t, {
      'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
      'go.sum': goSum(modules),
    });
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb: database.key });

    for (let n = 0; n < 3; n += 1) {
      const rondo = await serveRondo(t, { env, cacheDir });
      const download = goCommand(['mod', 'download'], {
        workspace: await goWorkspace(t),
        cwd,
        goproxy: rondo.url,
        gosumdb: database.key,
      });
      // While zips are on their way: each takes 1.5 s, and there are more than go asks at once.
      await new Promise((resolve) => setTimeout(resolve, 700 + 600 * n));
      await rondo.kill();
      assert.notEqual((await download).code, 0, 'it was in the middle');
      await assertCopyIsRight(cacheDir, modules);
    }

    const rondo = await serveRondo(t, { env, cacheDir });
    const again = { workspace, cwd, goproxy: rondo.url, gosumdb: database.key };
    assertWorks(await goCommand(['mod', 'download'], again));
    assert.match((await goCommand(['mod', 'verify'], again)).stdout, /all modules verified/);
    assert.equal(await rondo.stop(), 0);
    assert.equal((await assertCopyIsRight(cacheDir, modules)) >= modules.length * 3, true);
    assert.ok((await copyFiles(cacheDir)).length > 0);
  },
);
