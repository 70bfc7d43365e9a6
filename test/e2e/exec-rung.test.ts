import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup, type ExecOptions } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, chainOf, DATABASE, PROJECT, startMirrors } from './bench.ts';

/** A user whose mirrors can be taken away, with an empty copy and a project. */
async function user(t: Cleanup, files: Readonly<Record<string, string>> = PROJECT) {
  const mirrors = await startMirrors(t, ['a', 'b']);
  const cwd = await tempProject(t, files);
  const cacheDir = await tempFolder(t, 'copy');
  const options = async (env: Readonly<Record<string, string>> = {}): Promise<ExecOptions> => ({
    env: goEnvironment({
      workspace: await goWorkspace(t),
      goproxy: chainOf(mirrors),
      gosumdb: DATABASE.key,
      env,
    }),
    cwd,
    cacheDir,
  });
  const cutOff = async (): Promise<void> => {
    for (const mirror of mirrors) await mirror.setFault({ kind: 'refused' });
  };
  return { cwd, cacheDir, options, cutOff };
}

/** What is said last, and the command in it that works now. */
function lastLine(stderr: string): string {
  return stderr.trimEnd().split('\n').at(-1) ?? '';
}

await testWith(['go'], 'nothing upstream answers: the vendor folder, if go takes it', async (context) => {
  const t = reverseCleanup(context);
  const { cwd, options, cutOff } = await user(t);
  assertWorks(await execRondo(t, ['go', 'mod', 'vendor'], await options()));
  await cutOff();
  // Another copy and another module cache: nothing else helps.
  const bare = { ...(await options({ GOFLAGS: '-mod=mod' })), cacheDir: await tempFolder(t, 'empty') };
  const failed = await execRondo(t, ['go', 'build', '-mod=mod', './...'], bare);
  assert.equal(failed.code, 1);
  const command = 'go build -mod=vendor ./...';
  assert.equal(
    lastLine(failed.stderr),
    `rondo: nothing upstream answered, and go takes the vendor folder as it is: ${command}`,
  );
  assertWorks(await execRondo(t, command.split(' '), bare));
  const spoken = await execRondo(t, ['go', 'build', './...'], { ...bare, flags: ['--lang', 'zh'] });
  assert.equal(
    lastLine(spoken.stderr),
    `rondo: 上游均无应答，而 go 可直接使用现有的 vendor 目录：${command}`,
  );
  // A folder that lacks something is no help.
  await rm(join(cwd, 'vendor', 'example.com', 'm'), { recursive: true });
  const lacking = await execRondo(t, ['go', 'build', './...'], bare);
  assert.match(lastLine(lacking.stderr), /the network is back: rondo sync/);
});

await testWith(
  ['go'],
  'nothing upstream answers: the copy alone, if it has all of go.sum',
  async (context) => {
    const t = reverseCleanup(context);
    const { cacheDir, options, cutOff } = await user(t);
    assertWorks(await execRondo(t, ['go', 'mod', 'download'], await options()));
    await cutOff();
    // Something that the copy never had comes before the build.
    const asked = ['sh', '-c', 'go list -m example.com/none@v1.0.0 || true; go mod download && exit 5'];
    const failed = await execRondo(t, asked, await options());
    assert.equal(failed.code, 5, failed.stderr);
    const start = 'rondo: nothing upstream answered, and the copy has all that go.sum names: ';
    const command = `rondo exec --offline --cache-dir ${cacheDir} -- sh -c '${asked[2]}'`;
    assert.equal(lastLine(failed.stderr), start + command);
    assertWorks(await execRondo(t, ['go', 'build', './...'], { ...(await options()), offline: true }));
  },
);

await testWith(
  ['go'],
  'nothing upstream answers: without either, sync and doctor; where go.sum is not, doctor',
  async (context) => {
    const t = reverseCleanup(context);
    const { cwd, cacheDir, options, cutOff } = await user(t);
    await cutOff();
    const failed = await execRondo(t, ['go', 'build', './...'], await options());
    assert.equal(failed.code, 1);
    assert.match(
      lastLine(failed.stderr),
      /^rondo: nothing upstream answered, and the copy lacks 10 files of go\.sum; when the network is back: rondo sync --cache-dir \S+; to see what is wrong: rondo doctor --cache-dir \S+$/,
    );
    const elsewhere = await tempFolder(t, 'elsewhere');
    await cp(join(cwd, 'go.mod'), join(elsewhere, 'go.mod'));
    const none = await execRondo(t, ['go', 'mod', 'download'], { ...(await options()), cwd: elsewhere });
    assert.equal(
      lastLine(none.stderr),
      `rondo: nothing upstream answered; to see what is wrong: rondo doctor --cache-dir ${cacheDir}`,
    );
  },
);

await testWith(['go'], 'a command that fails over something else gets no such line', async (context) => {
  const t = reverseCleanup(context);
  const { options } = await user(t);
  const failed = await execRondo(t, ['go', 'list', '-m', 'example.com/none@latest'], await options());
  assert.equal(failed.code, 1);
  assert.doesNotMatch(failed.stderr, /nothing upstream/);
  const shell = await execRondo(t, ['sh', '-c', 'exit 3'], await options());
  assert.equal(shell.stderr, 'rondo: 0 requests; 0 B\n');
});
