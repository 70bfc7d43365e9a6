/** Toolchains are programs that go runs: no setting makes Rondo serve one that the database does not confirm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainOf, startMirrors } from '../e2e/bench.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { toolchainModule } from '../support/fixture-world.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { mirrorsOf } from './invariants.ts';
import { wanted } from './liar-world.ts';

const toolchain = await toolchainModule('linux-amd64');
const evil = await fixtureModule({
  path: toolchain.path,
  version: toolchain.version,
  files: { 'bin/go': 'evil' },
});
const other = await fixtureModule({ path: 'example.com/other', version: 'v1.0.0' });
const database = ChecksumDatabase.over([toolchain]);

for (const how of ['GONOSUMDB', 'skipsum', 'mode = off'] as const) {
  test(`another toolchain than the database has is refused in spite of ${how}`, async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['liar'], { modules: [evil, other], database });
    const exempt: Record<string, string> = how === 'GONOSUMDB' ? { GONOSUMDB: '*' } : {};
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: '', gosumdb: database.key, env: exempt });
    const keys = { GONOSUMDB: '', skipsum: 'skipsum = true', 'mode = off': '[verify]\nmode = off' }[how];
    const rondo = await serveRondo(t, { env, config: `proxy = ${chainOf(mirrors)}\n${keys}\n` });
    const exempted = await fetchRaw(rondo.url + wanted(other, 'zip').path);
    assert.deepEqual([exempted.status, exempted.body], [200, other.zip], 'the setting works for others');
    const { status, body } = await fetchRaw(rondo.url + wanted(evil, 'zip').path);
    assert.equal(status, 502);
    assert.match(body.toString(), /wrong content/);
    assert.equal((await mirrorsOf(rondo))[0]?.status, 'QUARANTINED');
  });
}
