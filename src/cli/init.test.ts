import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commandContext, type TestContextOfCommand } from '../../test/support/cli-context.ts';
import { startMeasuredMirror } from '../../test/support/measured-mirror.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { rawAnswer } from '../../test/support/raw-server.ts';
import type { Flags } from './flags.ts';
import { init } from './init.ts';
import type { OnSignal } from './drain.ts';

type User = {
  readonly home: string;
  readonly run: (
    flags: Flags,
    known: readonly string[],
    variables?: Readonly<Record<string, string>>,
    answer?: (question: string) => boolean,
  ) => Promise<TestContextOfCommand & { readonly proxy: string; readonly text: string }>;
};

/** A user without Go, whose `.goproxy` is read after each run. */
async function newcomer(t: Cleanup): Promise<User> {
  const home = await tempFolder(t, 'init');
  return {
    home,
    async run(flags, known, variables = {}, answer) {
      const env = { HOME: home, PATH: join(home, 'bin'), GOENV: join(home, 'goenv'), ...variables };
      const command = commandContext({ env, cwd: home, home, ...(answer && { answer }) });
      assert.equal(await init(flags, command.context, { known: () => known }), 0);
      const text = await readFile(join(home, '.goproxy'), 'utf8');
      return { ...command, text, proxy: /^proxy = (.*)$/m.exec(text)?.[1] ?? '' };
    },
  };
}

const MISSING = 'http://missing.invalid';

test('a chosen chain is shown beside the public mirrors, which stay out unless somebody says so', async (t) => {
  const own = await startMeasuredMirror(t);
  const open = await startMeasuredMirror(t);
  const known = [MISSING, open.url.origin];
  const chosen = { GOPROXY: `${own.url.origin}|off` };
  const { run } = await newcomer(t);
  const quiet = await run({ yes: true }, known, chosen);
  assert.equal(quiet.proxy, `${own.url.origin}|off`);
  assert.match(
    quiet.text,
    new RegExp(`; not in proxy; on .*: works, .*\n.mirror "${open.url.host}".\n;url = `),
  );
  assert.match(quiet.stderr(), /warning: only one mirror stands in it: nothing takes over/);
  assert.match(quiet.stderr(), /no public mirror joins a chain that was chosen \(--add-public lets them\)/);
  assert.match(quiet.stderr(), /missing\.invalid +failed +- .*\n +no such host/);
  assert.match(quiet.stderr(), new RegExp(`${own.url.host} +works .* in force\n`));

  const both = new RegExp(
    `^${own.url.origin},${open.url.origin}.off$|^${open.url.origin},${own.url.origin}.off$`,
  );
  assert.match((await run({ yes: true, force: true, addPublic: true }, known, chosen)).proxy, both);
  const questions: string[] = [];
  const answers = [false, true];
  const answer = (question: string): boolean => {
    questions.push(question);
    return answers.shift() ?? false;
  };
  assert.equal((await run({ force: true }, known, chosen, answer)).proxy, `${own.url.origin}|off`);
  assert.equal(questions.length, 1, 'no go here: nothing to offer');
  assert.match(
    questions[0] ?? '',
    /^Add public mirrors to the chain in force \(environment GOPROXY\)\? .* would see every/,
  );
  assert.match((await run({ force: true }, known, chosen, answer)).proxy, both);
});

test('with nothing chosen what works is written; the rest stands below as comments', async (t) => {
  const own = await startMeasuredMirror(t);
  const odd = await startMeasuredMirror(t, { probe: rawAnswer(429, 'slow down\n') });
  const { run, home } = await newcomer(t);
  // The built-in list itself is not for tests to dial: loopback-only lets none of it through.
  const { proxy, text, stdout, stderr } = await run({ yes: true }, [own.url.origin, odd.url.origin]);
  assert.equal(proxy, `${own.url.origin},direct`);
  assert.equal(stdout(), `${join(home, '.goproxy')}\n`);
  assert.match(text, /; not in proxy; on .*: reached, .*429/);
  assert.match(stderr(), /goproxy\.cn +failed/);
});

test("a stranger's file that names the mirrors is not made the user's by init", async (t) => {
  const { home, run } = await newcomer(t);
  await writeFile(join(home, '.goproxy'), 'proxy = https://mirror.test\n');
  await assert.rejects(run({ yes: true, force: true }, []), {
    code: 'E_CONFIG',
    message: /^file .*\.goproxy:1 names the mirrors, and you have not trusted it$/,
    hint: /^rondo config trust/,
  });
});

test('go env -w is run where a flag or a person says so, and the chain is kept before that', async (t) => {
  const { url } = await startMeasuredMirror(t);
  const { home, run } = await newcomer(t);
  const go = join(home, 'bin', 'go');
  await mkdir(dirname(go));
  await writeFile(go, `#!/bin/sh\necho "$@" >> '${join(home, 'ran')}'\n`, { mode: 0o755 });
  const ran = (): Promise<string> => readFile(join(home, 'ran'), 'utf8').catch(() => '');
  const line = 'env -w GOPROXY=http://127.0.0.1:7070,off\n';
  const chosen = { GOPROXY: `${url.origin},off` };
  const offered = await run({ yes: true }, [], chosen);
  assert.equal(await ran(), '');
  assert.match(offered.stderr(), /So that go uses it: go env -w GOPROXY=http:\/\/127\.0\.0\.1:7070,off\n$/);
  const kept = await readFile(join(home, '.local', 'state', 'rondo', 'chains.json'), 'utf8');
  assert.ok(kept.includes(url.origin));
  await run({ yes: true, force: true, setGoEnv: true }, [], chosen);
  assert.equal(await ran(), line);
  await run({ force: true }, [], chosen, (question) => question.startsWith('Let go use Rondo'));
  assert.equal(await ran(), line + line);
  await writeFile(go, '#!/bin/sh\necho "go: GOENV is not writable" >&2\nexit 1\n', { mode: 0o755 });
  await assert.rejects(run({ force: true, setGoEnv: true }, [], chosen), {
    code: 'E_CONFIG',
    message: 'go env -w failed: go: GOENV is not writable',
    hint: `go ${line.trim()}`,
  });
});

test('what the new file does not say of a mirror is told, and no secret is shown', async (t) => {
  const { url } = await startMeasuredMirror(t);
  const { home, run } = await newcomer(t);
  const path = join(home, 'own.goproxy');
  const write = (content: string): Promise<void> => writeFile(path, content);
  await write(`proxy = http://me:s3cret@${url.host},off\n[mirror "${url.host}"]\nmatch = corp.example/*\n`);
  await writeFile(join(home, '.goproxy'), '');
  const { stdout, stderr } = await run({ yes: true, force: true, config: path }, []);
  assert.equal(stdout(), `${path}\n`);
  assert.match(stderr(), /warning: credentials are not written: put those of 127\.0\.0\.1:\d+ into netrc/);
  assert.match(
    stderr(),
    /warning: weight, tier and match of .* copy their sections from .*own\.goproxy\.bak\n/,
  );
  assert.match(stderr(), /Next: rondo serve --config .*own\.goproxy\n/);
  const written = await readFile(path, 'utf8');
  assert.equal(/^proxy = (.*)$/m.exec(written)?.[1], `${url.origin},off`);
  assert.doesNotMatch(`${written}${stderr()}`, /s3cret/);
});

test("the user's own file is made with its folder, and is found without --config", async (t) => {
  const { url } = await startMeasuredMirror(t);
  const { home, run } = await newcomer(t);
  const path = join(home, '.config', 'rondo', '.goproxy');
  await writeFile(join(home, '.goproxy'), '');
  const { stderr } = await run({ yes: true, config: path }, [], { GOPROXY: url.href });
  assert.equal(/^proxy = (.*)$/m.exec(await readFile(path, 'utf8'))?.[1], url.origin);
  assert.match(stderr(), /Next: rondo serve\n/);
});

test('Ctrl-C while it writes: the file is whole and trusted, and nothing else is done', async (t) => {
  const { url } = await startMeasuredMirror(t);
  const home = await tempFolder(t, 'init');
  const env = { HOME: home, PATH: '', GOENV: 'off', GOPROXY: url.origin };
  const command = commandContext({ env, cwd: home, home });
  let listening = 0;
  const onSignal: OnSignal = (signals, listener) => {
    listening += 1;
    for (const signal of signals) listener(signal);
    return () => (listening -= 1);
  };
  const flags = { yes: true, setGoEnv: true };
  await assert.rejects(init(flags, { ...command.context, onSignal }, { known: () => [] }), {
    code: 'E_INTERRUPTED',
    message: `interrupted: ${join(home, '.goproxy')} is written, and nothing more was done`,
  });
  assert.equal(listening, 0);
  assert.deepEqual([command.stdout(), (await readdir(home)).toSorted()], ['', ['.goproxy', '.local']]);
  const { GOPROXY: _, ...later } = env;
  const again = commandContext({ env: later, cwd: home, home });
  assert.equal(await init({ ...flags, setGoEnv: false, force: true }, again.context, { known: () => [] }), 0);
  assert.doesNotMatch(again.stderr(), /not trusted/);
});
