import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REACH, LOCAL, tile } from '../../test/support/database-world.ts';
import { GoClient } from '../../test/support/go-client.ts';
import { emptyMemory, memoryDatabaseOps } from '../../test/support/memory-database-ops.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { parseRoute } from '../gomod/route.ts';
import { parseTreeHead, type TreeHead } from '../gomod/tree-head.ts';
import { parseVerifierKey } from '../gomod/verifier-key.ts';
import { createDatabaseClient } from './database-client.ts';
import { formatLookup } from './prove-record.ts';

const DB = 'sum.golang.org';
/** Recorded answers, of a tree of 72 million records (src/gomod/testdata/README.md). */
const RECORDED = JSON.parse(
  readFileSync(new URL('../gomod/testdata/sum-golang-org.json', import.meta.url), 'utf8'),
) as { key: string; answers: Record<string, string> };
const KEY = parseVerifierKey(RECORDED.key);

const recorded = {
  answer(path: string) {
    const text = RECORDED.answers[path];
    const encoding = path.startsWith('/tile/') ? 'base64' : 'utf8';
    return { status: text === undefined ? 404 : 200, body: Buffer.from(text ?? '', encoding), type: '' };
  },
};

function lookupOf(path: string): Extract<SumdbFile, { kind: 'sumdb-lookup' }> {
  const route = parseRoute(`/sumdb/${DB}${path}`, [DB]);
  assert.ok(route.kind === 'sumdb' && route.file.kind === 'sumdb-lookup', path);
  return route.file;
}

/** The tree that came along with a record. */
function ownTree(path: string): TreeHead {
  const text = RECORDED.answers[path] ?? '';
  return parseTreeHead(text.slice(text.indexOf('\n\n') + 2));
}

const PATHS = Object.keys(RECORDED.answers).filter((path) => path.startsWith('/lookup/'));

test('the real database: a dozen records are proven and sealed, and every client of their trees verifies', async () => {
  const memory = emptyMemory();
  const ops = memoryDatabaseOps(DB, { recorded }, memory);
  const online = createDatabaseClient(KEY, 'online', ops);
  await online.refresh(REACH);
  for (const path of PATHS) {
    const found = await online.lookup(lookupOf(path), REACH);
    assert.ok(found.kind === 'record' && found.proven, path);
    online.sealer.treeServed(ownTree(path).size);
  }
  await online.sealer.seal(REACH);
  assert.deepEqual([ops.lies, ops.errors, ops.logged], [[], [], []]);

  const offline = createDatabaseClient(KEY, 'offline', memoryDatabaseOps(DB, {}, memory));
  const ask = async (path: string): Promise<Buffer | undefined> => {
    if (path.startsWith('/tile/')) {
      const answer = await offline
        .tile({ ...tile(path.slice(1)), db: DB }, LOCAL)
        .catch(() => 'none' as const);
      return typeof answer === 'string' ? undefined : answer.bytes;
    }
    const found = await offline.lookup(lookupOf(path), LOCAL);
    if (found.kind === 'absent') return undefined;
    return Buffer.from(formatLookup({ ...found.record, note: await offline.sealer.noteFor(found.record) }));
  };
  const older = PATHS.map(ownTree);
  for (const own of [undefined, ...older]) {
    for (const order of [PATHS, PATHS.toReversed()]) {
      const go = new GoClient(ask, own);
      for (const path of order) {
        const [module = '', version = ''] = path.slice('/lookup/'.length).split('@');
        assert.equal(await go.lookup(module, version), 'verified', `${path} after ${own?.size}`);
      }
    }
  }
});
