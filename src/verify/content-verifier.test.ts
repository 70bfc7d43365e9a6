import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type FixtureModule, fixtureModule, hash1 } from '../../test/support/fixture-modules.ts';
import { handmadeZip } from '../../test/support/handmade-zip.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { systemClock } from '../kit/clock.ts';
import { createVerifier } from './content-verifier.ts';
import type { FirstUseHashes } from './first-use.ts';
import type { Expectation, Verdict, Verifier } from './verifier.ts';

const PATH = 'example.com/m';
const VERSION = 'v1.0.0';
const HTML = Buffer.from('\n<!DOCTYPE html>\n<html><body>sign in</body></html>');
const EXEMPT: Expectation = { kind: 'exempt' };

const fileOf = (kind: VersionFile['kind']): VersionFile => ({ kind, module: PATH, version: VERSION });

describe('judgement', () => {
  let verifier: Verifier;
  let right: FixtureModule;
  let other: FixtureModule;
  let known: Expectation;
  const firstUse = new Map<string, FirstUseHashes>();

  before(async () => {
    right = await fixtureModule({ path: PATH, version: VERSION });
    other = await fixtureModule({ path: 'example.com/other', version: VERSION });
    known = { kind: 'known', mod: right.modH1, zip: right.zipH1 };
    verifier = createVerifier({
      readRecord: async () => ({ kind: 'unreachable', why: 'not asked here' }),
      mode: 'required',
      exempt: () => false,
      clock: systemClock,
      firstUse: {
        get: async (module, version) => firstUse.get(`${module}@${version}`),
        set: async (module, version, hashes) => void firstUse.set(`${module}@${version}`, hashes),
      },
      workers: 1,
    });
  });
  after(() => verifier.close());

  const judge = (kind: VersionFile['kind'], bytes: Uint8Array, expectation: Expectation): Promise<Verdict> =>
    verifier.judge(fileOf(kind), { bytes }, expectation);

  test('.info must be JSON of the asked version', async () => {
    const infoH1 = hash1(new Map([['.info', right.info]]));
    const rightInfo = { kind: 'right', verified: 'none', h1: infoH1 };
    assert.deepEqual(await judge('info', right.info, known), rightInfo);
    const bodies = ['', 'not json', '{}', '[]', `{"Version":"v1.0.1"}`, '{"Version":1}', HTML];
    for (const body of bodies) {
      assert.equal((await judge('info', Buffer.from(body), known)).kind, 'unusable', String(body));
    }
  });

  test('.mod with the h1 of the database is right, whatever it says', async () => {
    assert.deepEqual(await judge('mod', right.mod, known), {
      kind: 'right',
      verified: 'database',
      h1: right.modH1,
    });
    const odd = await fixtureModule({ path: PATH, version: VERSION, goMod: '< no module line, go 1.999' });
    const verdict = await judge('mod', odd.mod, { kind: 'known', mod: odd.modH1, zip: odd.zipH1 });
    assert.equal(verdict.kind, 'right');
  });

  test('.mod with another h1 is wrong, a web page or nothing is unusable', async () => {
    const verdict = await judge('mod', other.mod, known);
    const { modH1: expected } = right;
    assert.ok(verdict.kind === 'wrong' && verdict.expected === expected && verdict.found === other.modH1);
    assert.equal((await judge('mod', HTML, known)).kind, 'unusable');
    assert.equal((await judge('mod', Buffer.alloc(0), known)).kind, 'unusable');
  });

  test('a zip with the h1 of the database is right, in memory or on disk', async (t) => {
    const expected = { kind: 'right', verified: 'database', h1: right.zipH1 };
    assert.deepEqual(await judge('zip', right.zip, known), expected);
    const path = join(await tempFolder(t), 'spool');
    await writeFile(path, right.zip);
    const sizeBytes = right.zip.length;
    assert.deepEqual(await verifier.judge(fileOf('zip'), { path, sizeBytes }, known), expected);
    assert.ok(right.zip.length > 0, 'the bytes have not been moved away to the thread');
  });

  test('a right h1 settles it, however odd the zip', async () => {
    const files = new Map(
      ['A', 'a', '../up'].map((name) => [`${PATH}@${VERSION}/${name}`, Buffer.from(name)]),
    );
    const entries = [...files].map(([name, data]) => ({ name, data }));
    const odd = handmadeZip(entries, { after: Buffer.alloc(10) });
    const verdict = await judge('zip', odd, { kind: 'known', mod: '', zip: hash1(files) });
    assert.equal(verdict.kind, 'right');
  });

  test('where no h1 settles it, what go would not unpack is not kept, nor the first that was seen', async () => {
    firstUse.clear();
    const prefix = `${PATH}@${VERSION}/`;
    const data = 'x';
    for (const names of [['A', 'a'], ['a', 'a'], ['../up'], ['sub/go.mod'], ['a', 'a/b'], ['con'], ['a.']]) {
      const zip = handmadeZip(names.map((name) => ({ name: prefix + name, data })));
      const verdict = await judge('zip', zip, EXEMPT);
      assert.ok(verdict.kind === 'unusable', names.join());
      assert.match(verdict.why, /^the go command would not unpack it: "/);
    }
    assert.equal(firstUse.size, 0);
    assert.equal((await judge('zip', right.zip, EXEMPT)).kind, 'right');
    firstUse.clear();
  });

  test('a right h1 settles it for a zip whose names have more parents than a thread can hold', async () => {
    const files = new Map<string, Buffer>();
    for (let index = 0; index < 300; index += 1) {
      files.set(`${PATH}@${VERSION}/${index}/${'d/'.repeat(2000)}f`, Buffer.alloc(0));
    }
    const zip = handmadeZip([...files.keys()].map((name) => ({ name })));
    const verdict = await judge('zip', zip, { kind: 'known', mod: '', zip: hash1(files) });
    assert.deepEqual(verdict, { kind: 'right', verified: 'database', h1: hash1(files) });
    // Where no hash settles it, oddities are looked for, within bounds.
    assert.equal((await judge('zip', zip, known)).kind, 'wrong');
  });

  test('what else is odd about a wrong zip is told; of one whose h1 is right nobody wants to know', async () => {
    const names = ['a.go', 'A.go', 'con', 'sub/go.mod'].map((name) => `${PATH}@${VERSION}/${name}`);
    const zip = handmadeZip([...names.map((name) => ({ name })), { name: 'elsewhere/a.go' }]);
    const verdict = await judge('zip', zip, known);
    assert.ok(verdict.kind === 'wrong');
    assert.match(verdict.why, /it has the entry "elsewhere\/a\.go"/);
    assert.deepEqual(
      verdict.oddities?.map((line) => line.replace(`${PATH}@${VERSION}/`, '')),
      [
        '"A.go" differs from another name in case only',
        '"con" has a name that Windows reserves',
        '"sub/go.mod" is a go.mod outside the root',
      ],
    );
    const h1 = verdict.found ?? '';
    const settled = await judge('zip', zip, { kind: 'known', mod: '', zip: h1 });
    assert.deepEqual(settled, { kind: 'right', verified: 'database', h1 });
  });

  test('a right h1 is not enough for a zip that is mostly padding; nobody is called a liar', async () => {
    const entry = { name: `${PATH}@${VERSION}/a`, data: 'content of a' };
    const zip = handmadeZip([entry], { before: Buffer.alloc(2 ** 21) });
    const h1 = hash1(new Map([[entry.name, Buffer.from(entry.data)]]));
    for (const expectation of [{ kind: 'known', mod: '', zip: h1 } as const, EXEMPT]) {
      const verdict = await judge('zip', zip, expectation);
      assert.equal(verdict.kind, 'unusable', JSON.stringify(verdict));
    }
  });

  test("another module's zip is wrong, also where nothing is known", async () => {
    const verdict = await judge('zip', other.zip, known);
    assert.ok(verdict.kind === 'wrong' && verdict.expected === right.zipH1 && verdict.found === other.zipH1);
    assert.match(verdict.why, /belongs to another module/);
    for (const expectation of [EXEMPT, { kind: 'unreachable', why: '' } as const]) {
      assert.equal((await judge('zip', other.zip, expectation)).kind, 'wrong');
    }
    assert.equal(firstUse.size, 0, 'what is refused is not remembered');
  });

  test('a zip whose content was changed is wrong, a damaged one too', async () => {
    const changed = await fixtureModule({
      path: PATH,
      version: VERSION,
      files: { 'evil.go': 'package m\n' },
    });
    assert.equal((await judge('zip', changed.zip, known)).kind, 'wrong');
    for (const at of [0, Math.floor(right.zip.length / 2), right.zip.length - 1]) {
      const damaged = Buffer.from(right.zip);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      assert.equal((await judge('zip', damaged, known)).kind, 'wrong', `byte ${at}`);
    }
  });

  test('a zip cut short, a web page and nothing are unusable', async () => {
    for (const body of [right.zip.subarray(0, -1), right.zip.subarray(0, 100), HTML, Buffer.alloc(0)]) {
      assert.equal((await judge('zip', body, known)).kind, 'unusable');
      assert.equal((await judge('zip', body, EXEMPT)).kind, 'unusable');
    }
  });

  test('a zip cut short inside a stored zip is unusable, though that one is whole', async () => {
    const inner = handmadeZip([{ name: 'example.com/inner@v1.0.0/a', data: 'x' }]);
    const name = `${PATH}@${VERSION}/testdata/inner.zip`;
    const whole = handmadeZip([{ name, data: inner, method: 0 }]);
    const cut = whole.subarray(0, whole.indexOf(inner) + inner.length);
    for (const expectation of [known, EXEMPT]) {
      assert.equal((await judge('zip', cut, expectation)).kind, 'unusable');
    }
  });

  test('what is larger than go takes is unusable, unread', async () => {
    const path = '/nowhere/at/all';
    const large = { info: 2 ** 21, mod: 2 ** 25, zip: 2 ** 30 };
    for (const kind of ['info', 'mod', 'zip'] as const) {
      const verdict = await verifier.judge(fileOf(kind), { path, sizeBytes: large[kind] }, known);
      assert.equal(verdict.kind, 'unusable');
    }
  });

  test('a large .mod comes from its spool file', async (t) => {
    const path = join(await tempFolder(t), 'spool');
    const odd = await fixtureModule({
      path: PATH,
      version: VERSION,
      goMod: `module ${PATH}\n${'// x\n'.repeat(100_000)}`,
    });
    await writeFile(path, odd.mod);
    const candidate = { path, sizeBytes: odd.mod.length };
    const verdict = await verifier.judge(fileOf('mod'), candidate, {
      kind: 'known',
      mod: odd.modH1,
      zip: '',
    });
    assert.equal(verdict.kind, 'right');
  });

  test('a file that this machine cannot read is nobody’s fault', async () => {
    for (const kind of ['mod', 'zip'] as const) {
      const judging = verifier.judge(fileOf(kind), { path: '/nowhere/at/all', sizeBytes: 100 }, known);
      await assert.rejects(judging, { code: 'E_STORE', message: /ENOENT/ });
    }
  });

  test('what the database does not have is not judged', async () => {
    const absent: Expectation = { kind: 'absent', words: 'not found: unknown revision' };
    await assert.rejects(judge('zip', right.zip, absent), { code: 'E_NOT_IN_CHECKSUM_DB' });
    await assert.rejects(judge('mod', right.mod, absent), { code: 'E_NOT_IN_CHECKSUM_DB' });
    assert.equal((await judge('info', right.info, absent)).kind, 'right');
  });

  test('first use is remembered for both files, a later difference is wrong', async () => {
    firstUse.clear();
    const both = await Promise.all([judge('mod', right.mod, EXEMPT), judge('zip', right.zip, EXEMPT)]);
    assert.deepEqual(
      both.map((verdict) => verdict.kind === 'right' && verdict.verified),
      ['first-use', 'first-use'],
    );
    assert.deepEqual(firstUse.get(`${PATH}@${VERSION}`), { mod: right.modH1, zip: right.zipH1 });
    assert.equal((await judge('zip', right.zip, EXEMPT)).kind, 'right');
    const changed = await fixtureModule({ path: PATH, version: VERSION, files: { 'b.go': 'package m\n' } });
    const verdict = await judge('zip', changed.zip, EXEMPT);
    assert.ok(
      verdict.kind === 'wrong' && verdict.expected === right.zipH1 && verdict.found === changed.zipH1,
    );
    assert.equal((await judge('mod', other.mod, EXEMPT)).kind, 'wrong');
  });
});

test('a hash that cannot be kept does not stop a build', async (t) => {
  const { mod, modH1 } = await fixtureModule({ path: PATH, version: VERSION });
  const verifier = createVerifier({
    readRecord: async () => ({ kind: 'unreachable', why: 'not asked here' }),
    mode: 'off',
    exempt: () => false,
    clock: systemClock,
    firstUse: { get: async () => undefined, set: () => Promise.reject(new Error('the disk is full')) },
  });
  t.after(() => verifier.close());
  const expectation = await verifier.expect(PATH, VERSION, new AbortController().signal);
  const verdict = await verifier.judge(fileOf('mod'), { bytes: mod }, expectation);
  assert.deepEqual(verdict, { kind: 'right', verified: 'first-use', h1: modH1 });
});

test('a thread that fails is reported as an unusable file, and closing interrupts', async () => {
  const { zip } = await fixtureModule({ path: PATH, version: VERSION });
  const verifier = createVerifier({
    readRecord: async () => ({ kind: 'unreachable', why: 'not asked here' }),
    mode: 'off',
    exempt: () => false,
    clock: systemClock,
    firstUse: { get: async () => undefined, set: async () => undefined },
    workerUrl: new URL('data:text/javascript,process.exit(1)'),
  });
  const verdict = await verifier.judge(fileOf('zip'), { bytes: zip }, EXEMPT);
  assert.ok(verdict.kind === 'unusable' && verdict.why.includes('could not be checked'));
  await verifier.close();
  await assert.rejects(verifier.judge(fileOf('zip'), { bytes: zip }, EXEMPT), { code: 'E_INTERRUPTED' });
});
