import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUpSoak, madeUpSamples } from './made-up-soak.ts';
import { faultsFound, minuteMedians, plateauOf, plateaus } from './verdict.ts';

const MIB = 2 ** 20;

test('medians are of whole minutes, or of all where there is no whole one', () => {
  const samples = madeUpSamples(150, (second) => second * MIB);
  assert.deepEqual(
    minuteMedians(samples, ({ residentBytes }) => residentBytes / MIB),
    [30, 89.5],
  );
  assert.deepEqual(
    minuteMedians(samples.slice(0, 11), ({ residentBytes }) => residentBytes / MIB),
    [6],
  );
});

test('what has grown by the third minute and no more is flat; a short run does not tell', () => {
  assert.equal(plateauOf([50, 80, 100, 100, 105], 0).state, 'flat');
  assert.equal(plateauOf([50, 80, 100, 100, 111], 0).state, 'grows');
  assert.equal(plateauOf([50, 80, 100, 100, 111], 5).state, 'flat');
  assert.equal(plateauOf([50, 80, 100, 200], 0).state, 'unknown');
  assert.equal(plateauOf([], 0).state, 'unknown');
});

test('a leak of 8 MiB a minute is found in ten minutes, a steady state is not', () => {
  const leaking = madeUpSamples(600, (second) => (150 + (second * 8) / 60) * MIB);
  assert.equal(plateaus({ samples: leaking }).memory.state, 'grows');
  const steady = madeUpSamples(600, (second) => (150 + (second % 30)) * MIB);
  assert.equal(plateaus({ samples: steady }).memory.state, 'flat');
});

test('files that are forgotten are found among connections to mirrors that come and go', () => {
  const samples = madeUpSamples(600, () => MIB).map((sample, second) => ({
    ...sample,
    files: sample.files + (second % 60) + second / 60,
    toMirrors: sample.toMirrors + (second % 60),
  }));
  const { files, 'other files': others } = plateaus({ samples });
  assert.deepEqual([files.state, others.state], ['flat', 'grows']);
});

test('where all held nothing is found', () => {
  assert.deepEqual(faultsFound(madeUpSoak()), []);
});

test('everything that is not as it should be is named', () => {
  const good = madeUpSoak();
  const endings = { ...good.figures.endings, wrong: 1, cut: 2, 'not-found': 3, failed: 4, unanswered: 5 };
  const bad = {
    ...good,
    figures: { ...good.figures, endings },
    builds: { ...good.builds, failures: ['exit code 1: no'] },
    samples: madeUpSamples(600, (second) => second * MIB),
    after: {
      ...good.after,
      files: good.after.files + 6,
      left: ['1 flights'],
      wrongFiles: ['x/@v/v1.0.0.mod'],
    },
  };
  assert.deepEqual(faultsFound(bad), [
    '1 requests: wrong',
    '2 requests: cut',
    '3 requests: not-found',
    '4 requests: failed',
    '5 requests: unanswered',
    '1 of 3 builds failed',
    `memory grows: from ${149.5 * MIB} in the third minute to ${569.5 * MIB} in the last`,
    '6 more open files than before the load',
    'left behind: 1 flights',
    'wrong in the copy: x/@v/v1.0.0.mod',
  ]);
  assert.deepEqual(faultsFound({ ...good, figures: { ...good.figures, requests: 0 } }), [
    'nothing was asked',
  ]);
});
