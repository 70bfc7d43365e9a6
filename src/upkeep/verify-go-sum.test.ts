import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import { fixtureModule, manyModules, type FixtureModule } from '../../test/support/fixture-modules.ts';
import { parseGoSum } from '../gomod/go-sum.ts';
import type { Verifier } from '../verify/verifier.ts';
import { verifyGoSum, type GoSumLine } from './verify-go-sum.ts';

const [held, absent] = (await manyModules(2)) as [FixtureModule, FixtureModule];
const sum = ({ path, version }: FixtureModule, h1: string): string => `${path} ${version} ${h1}\n`;
const invented = (nth: number): string => `h1:${Buffer.alloc(32, nth).toString('base64')}`;

test('each file is hashed once, however many lines contradict each other', async (t) => {
  const { work, keep, told } = await copyWork(t, { known: [held] });
  for (const kind of ['mod', 'zip'] as const) await keep(held, kind, 'database');
  let judged = 0;
  const judge: Verifier['judge'] = (...args) => {
    judged += 1;
    return work.verifier.judge(...args);
  };
  const verify = (text: string): Promise<GoSumLine[]> =>
    verifyGoSum(parseGoSum(text), { ...work, verifier: { ...work.verifier, judge } });
  const hostile = Array.from({ length: 200 }, (_, nth) => sum(held, invented(nth))).join('');
  const text = `${sum(absent, absent.zipH1)}${hostile}${sum(held, held.zipH1)}${sum(held, invented(201))}`;
  const lines = await verify(text);
  assert.equal(judged, 1);
  assert.deepEqual(
    lines.map(({ line }) => line),
    Array.from({ length: 203 }, (_, nth) => nth + 1),
  );
  const states = new Map([1, 2, 201, 202, 203].map((line) => [line, lines[line - 1]?.state]));
  assert.deepEqual(
    [...states.values()],
    ['missing', 'different', 'different', 'equal', 'different'],
    'the right one is found, wherever it stands',
  );
  assert.ok(lines.every(({ state, found }) => state !== 'different' || found === held.zipH1));
  assert.deepEqual(told.at(-1), { done: 203, total: 203, bytes: held.zip.length });
});

test('what cannot be hashed is different from all lines', async (t) => {
  const { work, keep } = await copyWork(t, { known: [held] });
  await keep(held, 'zip', 'database');
  const other = await fixtureModule({
    path: held.path,
    version: held.version,
    files: { 'x.go': 'package x\n' },
  });
  const key = `${held.path}/@v/${held.version}.zip`;
  await work.store.put(key, { bytes: other.zip.subarray(0, other.zip.length - 10) });
  const lines = await verifyGoSum(parseGoSum(sum(held, held.zipH1) + sum(held, other.zipH1)), work);
  assert.deepEqual(
    lines.map(({ state, found }) => [state, found]),
    [
      ['different', undefined],
      ['different', undefined],
    ],
  );
});
