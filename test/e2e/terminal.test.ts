import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { comparable } from '../support/terminal-text.ts';
import { recordSession, SESSIONS } from './terminal-sessions.ts';

const ROOT = join(import.meta.dirname, '..', '..');

for (const session of SESSIONS) {
  await testWith(['terminal'], `docs/terminal shows what \`${session.line}\` writes`, async (t) => {
    for (const { file, text, codes } of await recordSession(t, session)) {
      const kept = readFileSync(join(ROOT, file), 'utf8');
      assert.equal(comparable(text), comparable(kept), `${file} is stale: npm run record -- ${session.name}`);
      assert.deepEqual(new Set(codes), new Set([session.code]), file);
    }
  });
}

test('docs/terminal has the recordings of the sessions, no others, and its page leads to each', () => {
  const files = readdirSync(join(ROOT, 'docs', 'terminal')).filter((name) => name.endsWith('.txt'));
  const expected = SESSIONS.flatMap(({ name }) => [`${name}.en.txt`, `${name}.zh.txt`]);
  assert.deepEqual(files.toSorted(), expected.toSorted());
  const page = readFileSync(join(ROOT, 'docs', 'terminal', 'README.md'), 'utf8');
  for (const name of files) assert.ok(page.includes(`](${name})`), name);
});
