import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as z from 'zod';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import type { FixtureModule } from '../support/fixture-modules.ts';
import { moduleOf } from '../support/fixture-world.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import { DATABASE, NEEDED, PROJECT, SERVED, WORLD } from './bench.ts';
import { runRondo } from './rondo-command.ts';

const count = z.int().nonnegative();
const h1 = z.string().regex(/^h1:[0-9A-Za-z+/]{43}=$/);
/** Words are English in JSON, whatever language the user speaks. */
const words = z.string().regex(/^[ -~…’]+$/);
const version = { module: z.string(), version: z.string() };
const kind = z.enum(['info', 'mod', 'zip']);
const file = { ...version, kind, h1: h1.optional() };
const evidence = { expected: h1.optional(), found: h1.optional(), oddities: z.array(words).optional() };
const fetched = { fetched: count, fetchedBytes: count };

const nobody = z.enum(['asked', 'not asked']).optional();
const missingFiles = z.array(z.strictObject({ ...file, why: words, nobody }));

const seal = z.strictObject({
  database: z.string(),
  treeSize: count.optional(),
  sealed: count,
  trees: count,
  unsealed: z.array(z.strictObject({ what: words, why: words })),
});

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('copy') }),
  z.strictObject({ kind: z.literal('folder'), dir: z.string() }),
  z.strictObject({ kind: z.literal('bundle'), file: z.string() }),
  z.strictObject({ kind: z.literal('rondo'), url: z.url() }),
]);

const imported = z.strictObject({
  imported: count,
  importedBytes: count,
  trusted: count,
  already: count,
  alone: count,
  versions: count,
  findings: z.array(
    z.strictObject({
      ...version,
      kind,
      state: z.enum(['unverified', 'wrong', 'failed']),
      why: words,
      exempt: z.literal(true).optional(),
      hint: words.optional(),
      ...evidence,
    }),
  ),
});

const exported = z.strictObject({
  exported: count,
  exportedBytes: count,
  already: count,
  findings: z.array(
    z.strictObject({
      ...version,
      kind,
      state: z.enum(['missing', 'unproven', 'wrong', 'foreign', 'failed']),
      why: words,
      ...evidence,
    }),
  ),
  records: count,
  trees: z.record(z.string(), count),
  unsealed: z.array(z.strictObject({ ...version, database: z.string(), why: words })),
  withoutInfo: count,
});

/** What `--json` prints, with every key that there may be and no other: it goes on being read like this. */
const JSON_SHAPES = {
  syncDry: z.strictObject({
    version: z.literal(1),
    kind: z.literal('dry'),
    needed: count,
    lacking: z.array(z.strictObject({ ...file, sizeBytes: count.optional() })),
    sizedFiles: count,
    sizedBytes: count,
    unsizedZips: count,
  }),
  sync: z.strictObject({
    version: z.literal(1),
    kind: z.literal('done'),
    target,
    filled: z.strictObject({
      ...fetched,
      missing: missingFiles,
      needed: count,
      already: count,
      different: z.array(z.strictObject({ ...file, found: h1 })),
    }),
    fromGoCache: imported.optional(),
    records: z.strictObject({
      ...fetched,
      missing: z.array(z.strictObject({ ...version, why: words, nobody })),
    }),
    seals: z.array(seal),
    exported: exported.optional(),
    bundleBytes: count.optional(),
    refused: z.strictObject({ ...fetched, missing: missingFiles }).optional(),
    withheld: z.array(z.strictObject({ ...file })),
  }),
  cacheLs: z.strictObject({
    version: z.literal(1),
    sizeBytes: count,
    versions: z.array(
      z.strictObject({
        ...version,
        sizeBytes: count,
        requestedAt: count.optional(),
        files: z.partialRecord(
          kind,
          z.strictObject({
            sizeBytes: count,
            verified: z.enum(['database', 'first-use', 'none', 'unproven']),
            h1: h1.optional(),
            mirror: z.string().optional(),
            at: count.optional(),
            requestedAt: count.optional(),
          }),
        ),
      }),
    ),
  }),
  cacheVerify: z.strictObject({
    version: z.literal(1),
    files: count,
    bytes: count,
    findings: z.array(
      z.strictObject({
        key: z.string(),
        module: z.string().optional(),
        version: z.string().optional(),
        kind: z.enum(['info', 'mod', 'zip', 'ziphash', 'record', 'tile']),
        state: z.enum(['wrong', 'unproven', 'unreadable', 'missing']),
        why: words,
        ...evidence,
        quarantine: z.string().optional(),
        mended: z.boolean().optional(),
        problem: words.optional(),
        ofDisk: z.literal(true).optional(),
        hint: words.optional(),
      }),
    ),
    counts: z.strictObject({
      wrong: count,
      missing: count,
      mended: count,
      failed: count,
      unproven: count,
      unreadable: count,
    }),
  }),
  verify: z.strictObject({
    version: z.literal(1),
    files: z.array(
      z.strictObject({
        file: z.string(),
        counts: z.strictObject({ equal: count, different: count, missing: count, unreadable: count }),
        withoutInfo: count,
        lines: z.array(
          z.strictObject({
            ...version,
            kind: z.enum(['mod', 'zip']),
            h1,
            line: count,
            state: z.enum(['equal', 'different', 'missing', 'unreadable']),
            why: words.optional(),
            found: h1.optional(),
          }),
        ),
        flaws: z.array(z.strictObject({ line: count, why: words })),
        unknownHashes: count,
      }),
    ),
  }),
} as const;

const [FIRST, SECOND] = NEEDED as [FixtureModule, FixtureModule, ...FixtureModule[]];

/** Runs a command of somebody who speaks Chinese, and reads what it prints as JSON. */
function jsonOf(
  t: Cleanup,
  cwd: string,
  { env }: FilledCopy,
): (code: number, ...args: readonly string[]) => Promise<unknown> {
  return async (code, ...args) => {
    const run = await runRondo(t, [...args, '--json'], { env: { ...env, LANG: 'zh_CN.UTF-8' }, cwd });
    assert.equal(run.code, code, run.stderr);
    // People are told in their language all the same.
    assert.match(run.stderr, /\p{Script=Han}/u);
    return JSON.parse(run.stdout);
  };
}

test('sync: what is lacking and how large, what was done, what could not be had', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const gone = moduleOf(WORLD, 'example.com/leaf', 'v1.1.0');
  const left = WORLD.modules.filter((module) => module !== gone);
  for (const mirror of copy.mirrors) await mirror.publish({ modules: left, database: DATABASE });
  const goSum = (PROJECT['go.sum'] ?? '').replace(FIRST.zipH1, SECOND.zipH1);
  const cwd = await tempProject(t, { ...PROJECT, 'go.sum': goSum });
  const rondo = jsonOf(t, cwd, copy);

  const dry = JSON_SHAPES.syncDry.parse(await rondo(1, 'sync', '--dry-run'));
  const there = NEEDED.filter((module) => module !== gone);
  const zipBytes = there.reduce((sum, { zip }) => sum + zip.length, 0);
  assert.deepEqual(
    [dry.needed, dry.lacking.length, dry.sizedFiles, dry.sizedBytes, dry.unsizedZips],
    [15, 15, there.length, zipBytes, 1],
  );

  const failed = JSON_SHAPES.sync.parse(await rondo(4, 'sync', '--target', './out'));
  assert.deepEqual(failed.filled.missing.map(({ kind }) => kind).sort(), ['info', 'mod', 'zip']);
  assert.deepEqual(
    failed.filled.different.map(({ h1, found }) => [h1, found]),
    [[SECOND.zipH1, FIRST.zipH1]],
  );
  assert.equal(failed.exported, undefined);

  await writeFile(`${cwd}/go.sum`, PROJECT['go.sum'] ?? '');
  for (const mirror of copy.mirrors) await mirror.publish({ ...SERVED, database: DATABASE });
  const done = JSON_SHAPES.sync.parse(await rondo(0, 'sync', '--target', './out'));
  const { needed, already, fetched } = done.filled;
  assert.deepEqual([needed, already, fetched, done.exported?.exported], [15, 12, 3, 15]);
});

test('cache ls, cache verify, verify', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, NEEDED.slice(1), { ...SERVED, database: DATABASE });
  const odd = 'example.com/odd v1 h1:x=\nexample.com/odd v1.0.0 h2:abc\n';
  const goSum = (PROJECT['go.sum'] ?? '').replace(SECOND.modH1, FIRST.modH1);
  const cwd = await tempProject(t, { ...PROJECT, 'go.sum': `${goSum}${odd}` });
  const rondo = jsonOf(t, cwd, copy);

  const { versions } = JSON_SHAPES.cacheLs.parse(await rondo(0, 'cache', 'ls'));
  assert.equal(versions.length, NEEDED.length - 1);
  assert.deepEqual(Object.keys(versions[0]?.files ?? {}).sort(), ['info', 'mod', 'zip']);

  const [verified] = JSON_SHAPES.verify.parse(await rondo(4, 'verify')).files;
  assert.deepEqual(verified?.counts, { equal: 7, different: 1, missing: 2, unreadable: 0 });
  assert.deepEqual([verified.flaws.length, verified.unknownHashes], [1, 1]);

  const well = JSON_SHAPES.cacheVerify.parse(await rondo(0, 'cache', 'verify'));
  assert.deepEqual(well.findings, []);
  const path = copy.pathOf(keyOf(SECOND, 'mod'));
  await writeFile(path, `${await readFile(path, 'utf8')}\n// changed\n`);
  const ill = JSON_SHAPES.cacheVerify.parse(await rondo(4, 'cache', 'verify'));
  assert.equal(ill.counts.wrong, 1);
  assert.ok(ill.findings[0]?.quarantine !== undefined);
  const mended = JSON_SHAPES.cacheVerify.parse(await rondo(0, 'cache', 'verify', '--repair'));
  assert.equal(mended.counts.mended, 1);
});
