import assert from 'node:assert/strict';
import { once } from 'node:events';
import { goCommand, goWorkspace } from '../../test/support/go-command.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import { testWith } from '../../test/support/requirements.ts';
import { type Cleanup, tempProject } from '../../test/support/temp-folder.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Answer } from './port.ts';

const TEXT = 'text/plain; charset=utf-8';

/** What the real go command says when it asks a server with this `answer`. */
async function goSays(
  t: Cleanup,
  answer: Answer,
  args: readonly string[],
  errorsAs404 = false,
): Promise<string> {
  const { url } = await startProxy(t, answer, { settings: { errorsAs404 } });
  const cwd = await tempProject(t, { 'go.mod': 'module example.org/main\n\ngo 1.21\n' });
  const workspace = await goWorkspace(t);
  const run = await goCommand(args, { workspace, cwd, goproxy: url, env: { GOFLAGS: '-mod=mod' } });
  assert.notEqual(run.code, 0, run.stdout);
  return run.stderr;
}

function failing(error: RondoError): Answer {
  return async () => {
    throw error;
  };
}

await testWith(['go'], 'go prints the cause, every mirror and the hint of an outage', async (t) => {
  const error = new RondoError('E_NO_MIRROR', 'no mirror could answer for example.org/dep@v1.0.0', {
    details: ['goproxy.cn: 503 overload 服务不可用', 'aliyun: time-out before headers (60 s)'],
    hint: 'run `rondo doctor`',
  });
  const said = await goSays(t, failing(error), ['mod', 'download', 'example.org/dep@v1.0.0']);
  assert.match(
    said,
    /502 Bad Gateway\n\tserver response:\n\tno mirror could answer for example\.org\/dep@v1\.0\.0\n/,
  );
  assert.match(
    said,
    /\n\tgoproxy\.cn: 503 overload 服务不可用\n\taliyun: time-out before headers \(60 s\)\n/,
  );
  assert.match(said, /\n\thint: run `rondo doctor`\n/);
});

await testWith(['go'], 'go prints all of an error body that is as long as it may be', async (t) => {
  const error = new RondoError('E_NO_MIRROR', `no mirror could answer ${'because '.repeat(40)}`, {
    details: Array.from({ length: 30 }, (_, index) => `镜像-${index}: ${'ошибка '.repeat(20)}`),
    hint: `run this ${'now '.repeat(60)}`,
  });
  const said = await goSays(t, failing(error), ['list', '-m', 'example.org/dep@latest']);
  assert.match(said, /server response:\n\tno mirror could answer/);
  assert.match(said, /\n\thint: run this now/);
  assert.doesNotMatch(said, /Truncated/);
});

await testWith(['go'], 'go takes a 404 for an answer and prints its one line', async (t) => {
  const error = new RondoError('E_NOT_FOUND', 'no mirror has example.org/dep');
  const said = await goSays(t, failing(error), ['list', '-m', 'example.org/dep@v1.0.0']);
  assert.match(said, /404 Not Found\n\tserver response: not found: no mirror has example\.org\/dep/);
});

await testWith(['go'], 'go goes on to the next entry after an outage only with errorsAs404', async (t) => {
  const outage = failing(new RondoError('E_NO_MIRROR', 'all failed'));
  const next = await startProxy(t, failing(new RondoError('E_NOT_FOUND', 'the second was asked')));
  for (const errorsAs404 of [false, true]) {
    const { url } = await startProxy(t, outage, { settings: { errorsAs404 } });
    const cwd = await tempProject(t, { 'go.mod': 'module example.org/main\n\ngo 1.21\n' });
    const workspace = await goWorkspace(t);
    const goproxy = `${url},${next.url}`;
    const run = await goCommand(['list', '-m', 'example.org/dep@v1.0.0'], { workspace, cwd, goproxy });
    assert.equal(run.stderr.includes('the second was asked'), errorsAs404, run.stderr);
  }
});

await testWith(['go'], 'go takes a zip that was cut for a failed download', async (t) => {
  const body = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000);
    throw new RondoError('E_BAD_CONTENT', 'the transfer broke');
  };
  const answer: Answer = async (file) => {
    if (file.kind === 'zip')
      return { kind: 'stream', body: body(), contentType: 'application/zip', cache: 'miss' };
    const text = file.kind === 'mod' ? 'module example.org/dep\n' : '{"Version":"v1.0.0"}';
    return { kind: 'bytes', bytes: Buffer.from(text), contentType: TEXT, maxAgeS: 'immutable', cache: 'hit' };
  };
  const said = await goSays(t, answer, ['mod', 'download', 'example.org/dep@v1.0.0']);
  assert.match(said, /unexpected EOF|connection reset/);
});

await testWith(['go'], 'a go that is stopped aborts what it asked', async (t) => {
  const { url, requests } = await startProxy(t, async (_file, { signal }) => {
    await once(signal, 'abort');
    throw signal.reason;
  });
  const cwd = await tempProject(t, { 'go.mod': 'module example.org/main\n\ngo 1.21\n' });
  const workspace = await goWorkspace(t);
  const run = await goCommand(['list', '-m', 'example.org/dep@v1.0.0'], {
    workspace,
    cwd,
    goproxy: url,
    timeoutMs: 1_500,
  });
  assert.equal(run.timedOut, true);
  const [event] = await requests(1);
  assert.deepEqual([event?.status, event?.aborted], [499, true]);
});
