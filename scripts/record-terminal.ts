/**
 * Records docs/terminal/ anew: `node scripts/record-terminal.ts [SESSION…]`. A file that still tells the truth stays as it is,
 * so that times which differ from run to run change nothing.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { recordSession, SESSIONS } from '../test/e2e/terminal-sessions.ts';
import { comparable } from '../test/support/terminal-text.ts';

const root = join(import.meta.dirname, '..');
const names = process.argv.slice(2);
const cleanup: (() => Promise<void>)[] = [];

try {
  for (const session of SESSIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    for (const { file, text, codes } of await recordSession(
      { after: (fn) => void cleanup.push(fn) },
      session,
    )) {
      const path = join(root, file);
      const before = await readFile(path, 'utf8').catch(() => '');
      const isTrue = comparable(before) === comparable(text);
      process.stdout.write(`${isTrue ? 'as it was' : 'recorded '} ${file}, exit codes ${codes.join(' ')}\n`);
      await mkdir(dirname(path), { recursive: true });
      if (!isTrue) await writeFile(path, text);
    }
  }
} finally {
  for (const end of cleanup.toReversed()) await end();
}
