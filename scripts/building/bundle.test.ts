import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { bundleRondo } from './bundle.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/**
 * It has 1.97 MB of its libraries, which are not to grow unseen; our own code grows by what it does. Since it were 1.13 MB,
 * Fastify has come (840 KB with ajv and its router) for the API, which runs only when somebody asks who may.
 */
const MAX_LIBRARY_BYTES = 2_000_000;

test('the bundle has of its libraries what it uses, and short lines', async (t) => {
  const folder = await tempFolder(t, 'bundle');
  const { files } = await bundleRondo(ROOT, folder);
  const main = files.find(({ path }) => path.endsWith('rondo.js'));
  const text = await readFile(join(folder, 'rondo.js'), 'utf8');
  assert.ok(main !== undefined && main.sizeBytes > 100_000);
  assert.ok(
    main.libraryBytes < MAX_LIBRARY_BYTES,
    `${main.libraryBytes} bytes of libraries: esbuild's metafile tells what is new; of zod, \`import * as z\` takes only what is used`,
  );
  // Long strings go on in the next line. Not assert.match, which would print it all.
  const whole = text.replaceAll('\\\n', '');
  assert.ok(!/from ?"(?:node:)?http"/.test(whole), 'an import of node:http loads the client in node');
  assert.ok(whole.includes('getBuiltinModule("node:http")'));
  const longest = Math.max(...text.split('\n').map((line) => line.length));
  // A pattern of ajv's cannot be broken.
  assert.ok(longest < 1250, `a line of ${longest} characters`);
});
