/** Random Range headers against net/http's own reading; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { select } from './conditional.ts';

const VALIDATORS = { etag: '"1"', lastModified: 'Thu, 01 Jan 1970 00:00:00 GMT', modifiedMs: 0 };

const number = fc.oneof(
  fc.nat(300).map(String),
  fc.constantFrom('', ' ', '0', '00', '+1', '-1', '1e2', '0x10', ' 7 ', '\t3', '5x', '1.5', '9'.repeat(18)),
);
const spec = fc
  .tuple(number, fc.constantFrom('-', '-', '-', '--', ' - ', ''), number)
  .map((parts) => parts.join(''));
const header = fc.oneof(
  { weight: 6, arbitrary: spec.map((one) => `bytes=${one}`) },
  fc.array(spec, { maxLength: 3 }).map((all) => `bytes=${all.join(',')}`),
  spec.map((one) => `bytes= ${one}`),
  fc.tuple(fc.constantFrom('Bytes=', 'bytes:', 'bytes =', 'lines=', ''), spec).map((parts) => parts.join('')),
  fc.string({ maxLength: 20 }),
);
const cases = fc.array(fc.tuple(header, fc.nat(200)), { minLength: 100, maxLength: 100 });

await testWith(['go'], 'a part is sent only where Go reads one range, and then that', async (t) => {
  const go = await goOracle(t);
  let parts = 0;
  await fc.assert(
    fc.asyncProperty(cases, async (all) => {
      const told = await go.ask(
        'range',
        all.map(([range, size]) => [range, String(size)]),
      );
      for (const [index, [range, size]] of all.entries()) {
        const ours = select('GET', { range }, size, VALIDATORS);
        const said = told[index];
        const rows = said !== undefined && 'answer' in said ? said.answer : 'malformed';
        const shown = `${JSON.stringify(range)} of ${size}: ${JSON.stringify([ours, rows])}`;
        if (ours.kind === 'part') {
          parts += 1;
          assert.deepEqual(rows, [[ours.start, ours.end - ours.start + 1]], shown);
        } else if (ours.kind === 'unsatisfiable') {
          // A suffix of no bytes is a range of none to Go; what is malformed it answers 416 as well.
          const none = ['"no overlap"', '"malformed"', `[[${size},0]]`];
          assert.ok(none.includes(JSON.stringify(rows)), shown);
        } else assert.equal(ours.kind, 'whole', shown);
      }
    }),
    fuzzBatches(40),
  );
  assert.ok(parts > 200, `only ${parts} parts: the test has shown little`);
});
