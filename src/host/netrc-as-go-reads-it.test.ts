/** Random netrc files against what the go command reads in them; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { parseNetrc } from './netrc.ts';

await testWith(['go'], 'a netrc has the logins that Go finds in it', async (t) => {
  const go = await goOracle(t);
  const word = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('machine a', 'machine b.c:8443', 'login me', 'password pw') },
    {
      weight: 6,
      arbitrary: fc.constantFrom('password', 'default', 'macdef init', '#', 'account x', 'login'),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 3, unit: 'binary' }) },
  );
  const space = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '\r\n', '\t', '\u0085', '\ufeff', '\u2003', '');
  const file = fc.array(fc.tuple(word, space), { maxLength: 20 }).map((pieces) => pieces.flat().join(''));
  let logins = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 50, maxLength: 50 }), async (files) => {
      const told = await go.ask(
        'netrc',
        files.map((each) => [each]),
      );
      for (const [index, each] of files.entries()) {
        const answer = parseNetrc(each).map(({ machine, login, password }) => [machine, login, password]);
        logins += answer.length;
        assert.deepEqual({ answer }, told[index], JSON.stringify(each));
      }
    }),
    fuzzBatches(60),
  );
  assert.ok(logins > 50, `only ${logins} logins: the test has shown little`);
});
