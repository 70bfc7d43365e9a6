import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExpectations, type ExpectationSettings } from './expectations.ts';
import type { ReadRecord, Verifier } from './verifier.ts';

const MODULE = 'example.com/m';
const VERSION = 'v1.0.0';
const ZIP = `h1:${'z'.repeat(43)}=`;
const MOD = `h1:${'m'.repeat(43)}=`;
const TOOLCHAIN = 'golang.org/toolchain';
const signal = new AbortController().signal;

function recordText(module: string, version: string): string {
  const note = `go.sum database tree\n1\n${'t'.repeat(43)}=\n\n— sum.example.com abcd\n`;
  return `0\n${module} ${version} ${ZIP}\n${module} ${version}/go.mod ${MOD}\n\n${note}`;
}

const answering: ReadRecord = async (module, version) => ({
  kind: 'record',
  text: recordText(module, version),
});

function expecting(settings: Partial<ExpectationSettings>): Verifier['expect'] {
  return createExpectations({ readRecord: answering, mode: 'required', exempt: () => false, ...settings })
    .expect;
}

test('a record tells both hashes, and is asked for once', async () => {
  let asked = 0;
  const expect = expecting({
    readRecord: (...of) => {
      asked += 1;
      return answering(...of);
    },
  });
  const known = { kind: 'known', mod: MOD, zip: ZIP };
  assert.deepEqual(await Promise.all([expect(MODULE, VERSION, signal), expect(MODULE, VERSION, signal)]), [
    known,
    known,
  ]);
  assert.deepEqual(await expect(MODULE, VERSION, signal), known);
  assert.equal(asked, 1);
  await expect(MODULE, 'v1.0.1', signal);
  assert.equal(asked, 2);
});

test('what is absent or unreachable is asked again', async () => {
  const answers = [
    { kind: 'unreachable', why: 'timed out' },
    { kind: 'absent', words: 'not found: no such version' },
    { kind: 'record', text: recordText(MODULE, VERSION) },
  ] as const;
  let asked = 0;
  const expect = expecting({ readRecord: async () => answers[asked++] ?? answers[0] });
  assert.deepEqual(await expect(MODULE, VERSION, signal), answers[0]);
  assert.deepEqual(await expect(MODULE, VERSION, signal), answers[1]);
  assert.equal((await expect(MODULE, VERSION, signal)).kind, 'known');
});

test('a record that is malformed, of something else, or a thrown error is unreachable', async () => {
  const readers: ReadRecord[] = [
    async () => ({ kind: 'record', text: '<html>sign in</html>' }),
    async () => ({ kind: 'record', text: recordText('example.com/other', VERSION) }),
    async () => ({ kind: 'record', text: recordText(MODULE, 'v1.0.1') }),
    async () => Promise.reject(new Error('a bug')),
  ];
  for (const readRecord of readers) {
    assert.equal((await expecting({ readRecord })(MODULE, VERSION, signal)).kind, 'unreachable');
  }
});

test('exempt modules are not looked up, toolchains always are', async () => {
  const asked: string[] = [];
  const readRecord: ReadRecord = (module, version, each) => {
    asked.push(module);
    return answering(module, version, each);
  };
  for (const settings of [{ exempt: () => true }, { mode: 'off' as const }]) {
    const expect = expecting({ readRecord, ...settings });
    assert.deepEqual(await expect(MODULE, VERSION, signal), { kind: 'exempt' });
    assert.equal((await expect(TOOLCHAIN, 'v0.0.1-go1.26.0.linux-amd64', signal)).kind, 'known');
  }
  assert.deepEqual(asked, [TOOLCHAIN, TOOLCHAIN]);
});

test('when-possible trusts on first use where the database does not help, but no toolchain', async () => {
  for (const answer of [
    { kind: 'unreachable', why: 'timed out' },
    { kind: 'absent', words: 'not found' },
  ] as const) {
    const expect = expecting({ mode: 'when-possible', readRecord: async () => answer });
    assert.deepEqual(await expect(MODULE, VERSION, signal), { kind: 'exempt' });
    assert.deepEqual(await expect(TOOLCHAIN, 'v0.0.1-go1.26.0.linux-amd64', signal), answer);
  }
  assert.equal((await expecting({ mode: 'when-possible' })(MODULE, VERSION, signal)).kind, 'known');
});

test('only the caller who gives up is refused', async () => {
  const gate = Promise.withResolvers<void>();
  const expect = expecting({
    readRecord: async (...of) => {
      await gate.promise;
      return answering(...of);
    },
  });
  const leaver = new AbortController();
  const leaving = expect(MODULE, VERSION, leaver.signal);
  const staying = expect(MODULE, VERSION, signal);
  leaver.abort(new Error('left'));
  await assert.rejects(leaving, /left/);
  gate.resolve();
  assert.equal((await staying).kind, 'known');
});
