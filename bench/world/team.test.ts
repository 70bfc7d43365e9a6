import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { startMirrors } from './mirrors.ts';
import { runTeam, stepsOf, warmBuilds } from './team.ts';

const STEMS = ['a', 'b', 'c'].map((name) => `/example.com/${name}/@v/v1.0.0`);

test('a download asks for .mod files, then for one .info at a time, then for zips', () => {
  assert.deepEqual(
    stepsOf(['/a/@v/v1', '/b/@v/v2']).map(({ paths, atATime }) => [atATime, ...paths]),
    [
      [8, '/a/@v/v1.mod', '/b/@v/v2.mod'],
      [1, '/a/@v/v1.info', '/b/@v/v2.info'],
      [8, '/a/@v/v1.zip', '/b/@v/v2.zip'],
    ],
  );
});

test('200 developers who build every 4 minutes build 50 times a minute', () => {
  const hour = { developers: 200, everyMs: 240_000, durationMs: 3_600_000 };
  const builds = warmBuilds(hour, STEMS, seededRandom(3));
  assert.ok(Math.abs(builds.length - 3000) < 200, `${builds.length}`);
  assert.ok(builds.every(({ state, startMs }) => state === 'warm' && startMs < hour.durationMs));
});

test('every build of a team gets every file, and what is wrong is said', async (context) => {
  const t = reverseCleanup(context);
  const folder = await tempFolder(t, 'served');
  for (const stem of STEMS.slice(0, 2)) {
    await mkdir(dirname(join(folder, stem)), { recursive: true });
    for (const kind of ['mod', 'info', 'zip']) await writeFile(join(folder, `${stem}.${kind}`), kind);
  }
  const content = { kind: 'folder', folder } as const;
  const mirrors = await startMirrors({ count: 1, content, distance: { latencyMs: 5 } }, t);
  const answers = await runTeam(
    {
      baseUrl: mirrors.urls[0] ?? '',
      builds: [
        { state: 'warm', startMs: 0, stems: STEMS.slice(0, 2) },
        { state: 'cold', startMs: 20, stems: STEMS },
      ],
    },
    t,
  );
  const count = (state: string, trouble?: string): number =>
    answers.filter((each) => each.state === state && each.trouble === trouble).length;
  assert.equal(count('warm'), 6);
  assert.equal(count('cold'), 6);
  assert.equal(count('cold', 'status 404'), 3);
  // One at a time: no .info is asked for before the one before it is there.
  const infos = answers.filter(({ state, kind }) => state === 'cold' && kind === 'info');
  infos.sort((a, b) => a.atMs - b.atMs);
  for (const [index, { atMs }] of infos.entries()) {
    const before = infos[index - 1];
    assert.ok(before === undefined || atMs >= before.atMs + before.tookMs);
  }
});
