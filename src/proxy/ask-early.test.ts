import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { remotePath } from '../gomod/remote-path.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { PROXY_DEFAULTS, scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createEarlyAsking } from './ask-early.ts';

const AWAY_MS = 40;
const EARLY = { atOnce: 16, perMinute: 3000 };

/** go.mod files by module and version; every other file is there and small. */
const GRAPH: Readonly<Record<string, string>> = {
  'a@v1.0.0': 'go 1.20\nrequire example.com/b v1.0.0\n',
  'b@v1.0.0': 'require example.com/c v1.0.0\n',
  'c@v1.0.0': 'go 1.21\nrequire (\n\texample.com/d v1.0.0\n\texample.com/b v1.0.0\n)\n',
  'd@v1.0.0': 'go 1.21\nrequire example.com/e v1.0.0\n',
  'd@v1.2.0': 'go 1.21\n',
  'e@v1.0.0': 'go 1.21\n',
  'p@v1.0.0': 'go 1.21\nrequire (\n\texample.com/d v1.0.0\n\texample.com/e v1.0.0\n)\n',
  'q@v1.0.0': 'go 1.21\nrequire (\n\texample.com/d v1.2.0\n\texample.com/e v1.0.0\n)\n',
  'r@v1.0.0': 'go 1.21\nrequire (\n\texample.com/d v1.0.0\n\texample.com/e v1.0.0\n)\n',
};

const mod = (name: string): VersionFile => file('mod', name);

function file(kind: VersionFile['kind'], name: string): VersionFile {
  const [module = '', version = ''] = name.split('@');
  return { kind, module: `example.com/${module}`, version };
}

/** A mirror that is 40 ms away. */
async function world(t: TestContext, early = EARLY): Promise<ScriptedProxy> {
  const script = ({ path }: { path: string }): Line => {
    const [, module = '', version = '', kind] = /^\/example\.com\/(.+)\/@v\/(.+)\.(\w+)$/.exec(path) ?? [];
    const body =
      kind === 'mod'
        ? `module example.com/${module}\n${GRAPH[`${module}@${version}`] ?? ''}`
        : `{"Version":"${version}"}`;
    return { do: 'answer', body, afterMs: AWAY_MS };
  };
  return scriptedProxy(
    await tempFolder(t),
    { mirror: { script } },
    { settings: { ...PROXY_DEFAULTS, early } },
  );
}

/** Which of the names of files the mirror was asked for, in order. */
function asked({ upstreams }: ScriptedProxy): string[] {
  return (upstreams['mirror']?.asked ?? []).map(({ path }) =>
    path.replace(/^\/example\.com\/(.+)\/@v\//, '$1@'),
  );
}

test('what a go.mod without graph pruning requires is asked at once, and all below it', async (t) => {
  const proxied = await world(t);
  await proxied.ask(mod('b@v1.0.0'));
  await proxied.clock.advance(4 * AWAY_MS);
  assert.deepEqual(asked(proxied), ['b@v1.0.0.mod', 'c@v1.0.0.mod', 'd@v1.0.0.mod', 'e@v1.0.0.mod']);
  const startMs = proxied.clock.now();
  for (const name of ['c@v1.0.0', 'd@v1.0.0', 'e@v1.0.0']) {
    assert.equal((await proxied.ask(mod(name))).cache, 'hit');
  }
  assert.equal(proxied.clock.now(), startMs);
  assert.equal(asked(proxied).length, 4, 'each is asked once');
});

test('one with graph pruning leads nowhere: the go command does not read on from there', async (t) => {
  const proxied = await world(t);
  await proxied.ask(mod('a@v1.0.0'));
  await proxied.clock.advance(1000);
  assert.deepEqual(asked(proxied), ['a@v1.0.0.mod']);
});

test('what two go.mod files with graph pruning require is likely to be asked next, if none requires a higher version', async (t) => {
  const proxied = await world(t);
  for (const name of ['p@v1.0.0', 'q@v1.0.0', 'r@v1.0.0']) await proxied.ask(mod(name));
  await proxied.clock.advance(2 * AWAY_MS);
  const early = asked(proxied).filter((name) => /^[de]@/.test(name));
  // Of d two require v1.0.0, but the go command will take the higher one, if any.
  assert.deepEqual(early, ['e@v1.0.0.mod'], 'once');
});

test('the first .info that is missed has all others asked, of each module the highest version', async (t) => {
  const proxied = await world(t);
  for (const name of ['a@v1.0.0', 'd@v1.0.0', 'd@v1.2.0', 'e@v1.0.0']) await proxied.ask(mod(name));
  // One more client, out of the copy.
  await proxied.ask(mod('d@v1.0.0'));
  const before = asked(proxied).length;
  await proxied.ask(file('info', 'a@v1.0.0'));
  await proxied.clock.advance(AWAY_MS);
  assert.deepEqual(asked(proxied).slice(before).toSorted(), [
    'a@v1.0.0.info',
    'd@v1.2.0.info',
    'e@v1.0.0.info',
  ]);
  assert.equal((await proxied.ask(file('info', 'd@v1.2.0'))).cache, 'hit');
});

test('a go.mod of long ago says nothing of an .info, and a zip never asks for anything', async (t) => {
  const proxied = await world(t);
  await proxied.ask(mod('d@v1.2.0'));
  await proxied.clock.advance(120_000);
  await proxied.ask(file('zip', 'a@v1.0.0'));
  await proxied.ask(file('info', 'a@v1.0.0'));
  await proxied.clock.advance(1000);
  assert.deepEqual(asked(proxied), ['d@v1.2.0.mod', 'a@v1.0.0.zip', 'a@v1.0.0.info']);
});

test('no more at once than the bound, no more a minute, and none at all with 0', async (t) => {
  const one = await world(t, { atOnce: 1, perMinute: 3 });
  const { mirror } = one.upstreams;
  assert.ok(mirror);
  const { script } = mirror;
  const atMs: number[] = [];
  mirror.script = (request, nth) => {
    atMs.push(one.clock.now());
    return script(request, nth);
  };
  await one.ask(mod('b@v1.0.0'));
  await one.clock.advance(10 * AWAY_MS);
  assert.ok(atMs.every((ms, i) => i === 0 || ms - (atMs[i - 1] ?? 0) >= AWAY_MS));
  assert.deepEqual(asked(one), ['b@v1.0.0.mod', 'c@v1.0.0.mod', 'd@v1.0.0.mod']);
  const none = await world(t, { atOnce: 0, perMinute: 3000 });
  await none.ask(mod('b@v1.0.0'));
  await none.ask(file('info', 'b@v1.0.0'));
  await none.clock.advance(1000);
  assert.deepEqual(asked(none), ['b@v1.0.0.mod', 'b@v1.0.0.info']);
});

test('what fails early is asked again for the client, who hears why', async (t) => {
  const proxied = await world(t);
  const { mirror } = proxied.upstreams;
  assert.ok(mirror);
  const good = mirror.script;
  const gone = { class: 'neutral', cause: 'not-found', status: 404, detail: '404' } as const;
  mirror.script = (request, nth) =>
    request.path === remotePath(mod('c@v1.0.0'))
      ? { do: 'other', outcome: gone, words: 'not found' }
      : good(request, nth);
  await proxied.ask(mod('b@v1.0.0'));
  await proxied.clock.advance(1000);
  assert.equal((await proxied.ask(mod('c@v1.0.0'))).said, 'E_NOT_FOUND');
  mirror.script = good;
  assert.equal((await proxied.ask(mod('c@v1.0.0'))).cache, 'miss');
});

/** Asking early beside `hanging` files that a go.mod requires, before one that is there, and what was asked. */
function besideHanging(hanging: number, clock: VirtualClock): { asked: string[]; release: () => void } {
  const names = [...Array.from({ length: hanging }, (_, n) => `hang${n}`), 'there'];
  const lines = names.map((name) => `require example.com/${name} v1.0.0\n`);
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const fetch = async ({ module }: VersionFile): Promise<Buffer> => {
    asked.push(module.slice('example.com/'.length));
    if (module.includes('/hang')) await new Promise<void>((resolve) => ends.push(resolve));
    return Buffer.from(module.endsWith('/b') ? lines.join('') : 'go 1.21\n');
  };
  createEarlyAsking(() => EARLY, fetch, clock).missed(mod('b@v1.0.0'));
  const release = (): void => {
    for (const end of ends.splice(0)) end();
  };
  return { asked, release };
}

test('files that hang give their places to others after 5 s, and go on', async () => {
  const clock = new VirtualClock();
  const { asked: names, release } = besideHanging(20, clock);
  await clock.advance(4000);
  assert.deepEqual([names.length, names.includes('there')], [17, false], 'all 16 places are taken');
  await clock.advance(2000);
  assert.deepEqual([names.length, names.includes('there')], [22, true]);
  release();
  await clock.advance(0);
  assert.equal(clock.pending, 0);
});

test('no more than 48 go on without a place, until one of them ends', async () => {
  const clock = new VirtualClock();
  const { asked: names, release } = besideHanging(200, clock);
  await clock.advance(60_000);
  assert.equal(names.length, 1 + 48 + 16);
  release();
  await clock.advance(0);
  assert.equal(names.length, 1 + 48 + 16 + 16, 'each has its place again');
  for (let n = 0; n < 20; n += 1) {
    await clock.advance(6000);
    release();
  }
  await clock.advance(0);
  assert.deepEqual([names.length, names.at(-1), clock.pending], [202, 'there', 0]);
});

test('of a go.mod that is too long its first MiB is read, to the last whole line', async () => {
  const head = 'module example.com/b\nrequire example.com/c v1.0.0\n';
  const cut = 'require example.com/d v1.2.10\n';
  // Lines of 64 characters, so that the MiB ends in front of the last digit of what is cut.
  const paddingChars = 1024 * 1024 - head.length - cut.length;
  const padding = `//${'x'.repeat(61)}\n`.repeat(Math.ceil(paddingChars / 64)).slice(-paddingChars);
  const body = `${head}//${padding}${cut}require example.com/e v1.0.0\n`;
  const asked: string[] = [];
  const fetch = (file: VersionFile): Promise<Buffer> => {
    asked.push(`${file.module}@${file.version}`);
    return Promise.resolve(Buffer.from(file.module === 'example.com/b' ? body : 'go 1.21\n'));
  };
  const clock = new VirtualClock();
  assert.equal(body.indexOf('v1.2.10') + 'v1.2.1'.length, 1024 * 1024);
  createEarlyAsking(() => EARLY, fetch, clock).missed(mod('b@v1.0.0'));
  await clock.advance(0);
  assert.deepEqual(asked, ['example.com/b@v1.0.0', 'example.com/c@v1.0.0']);
});
