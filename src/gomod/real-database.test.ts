import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseChecksumRecord } from './checksum-record.ts';
import { hashTilePath, TILE_HEIGHT } from './hash-tile.ts';
import { joinSubtrees, recordHash, storedHashIndex, subtreeIndexes } from './log-hashes.ts';
import { openNote } from './signed-note.ts';
import { checkTiles, planTiles, plannedHashes } from './tile-proof.ts';
import { parseTreeHead, type TreeHead } from './tree-head.ts';
import { parseVerifierKey } from './verifier-key.ts';

/** Recorded answers of sum.golang.org (testdata/README.md). */
const RECORDED = JSON.parse(
  readFileSync(new URL('./testdata/sum-golang-org.json', import.meta.url), 'utf8'),
) as { key: string; answers: Record<string, string> };
const KEY = parseVerifierKey(RECORDED.key);
const LOOKUPS = Object.entries(RECORDED.answers).filter(([path]) => path.startsWith('/lookup/'));

function headOf(note: string): TreeHead {
  const opened = openNote(Buffer.from(note), [KEY]);
  assert.equal(opened.kind, 'signed');
  return parseTreeHead(opened.kind === 'signed' ? opened.note.text : '');
}

function proven(head: TreeHead, indexes: readonly number[]): Buffer[] {
  const plan = planTiles(head, indexes, TILE_HEIGHT) ?? assert.fail();
  const tiles = plan.tiles.map((tile) => {
    const answer = RECORDED.answers[`/${hashTilePath(tile)}`];
    return Buffer.from(answer ?? assert.fail(hashTilePath(tile)), 'base64');
  });
  const check = checkTiles(
    plan,
    tiles.map((bytes) => [bytes]),
  );
  assert.equal(check.kind, 'proven');
  return plannedHashes(plan, tiles);
}

test('a dozen real records are proven in the latest real tree, and their own trees are parts of it', () => {
  const latest = headOf(RECORDED.answers['/latest'] ?? '');
  assert.ok(latest.size > 2 ** 26, 'more records than 32 bits of a stored index could count twice');
  assert.equal(LOOKUPS.length, 12);
  for (const [path, text] of LOOKUPS) {
    const { id, lines, noteText } = parseChecksumRecord(text);
    const older = headOf(noteText);
    const indexes = [storedHashIndex(0, id), ...subtreeIndexes(0, older.size)];
    const [leaf, ...subtrees] = proven(latest, indexes);
    assert.deepEqual(leaf, recordHash(`${lines.join('\n')}\n`), path);
    assert.deepEqual(joinSubtrees(subtrees), older.hash, path);
  }
});
