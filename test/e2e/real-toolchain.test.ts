import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ownEnvironment, ownUpstream, TIMEOUT_MS } from '../support/real-project.ts';
import { testWith } from '../support/requirements.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runRondo } from './rondo-command.ts';

/** One that this machine does not run by itself. */
const VERSION = '1.25.5';

await testWith(
  ['go', 'network'],
  'a real Go comes from the real mirror, is proven by the real database, and runs',
  async (t) => {
    const env = {
      ...(await ownEnvironment(t, await ownUpstream())),
      RONDO_CACHE_DIR: await tempFolder(t, 'copy'),
      GOFLAGS: '',
      GOROOT: '',
    };
    const dir = await tempFolder(t, 'toolchains');
    const options = { env, cwd: dir };
    const installed = await runRondo(t, ['toolchain', 'install', VERSION, '--dir', dir], options);
    assert.equal(installed.code, 0, installed.stderr);
    const goroot = installed.stdout.trim();
    const { stdout } = await promisify(execFile)(join(goroot, 'bin', 'go'), ['version'], {
      cwd: dir,
      env: { ...env, GOTOOLCHAIN: 'local' },
      timeout: TIMEOUT_MS,
    });
    assert.match(stdout, new RegExp(`^go version go${VERSION.replaceAll('.', '\\.')} `));
    const list = await runRondo(t, ['toolchain', 'ls', '--dir', dir], options);
    assert.equal(list.stdout, `go${VERSION}  ${list.stdout.split('  ')[1]}  ${goroot}\n`);
  },
);
