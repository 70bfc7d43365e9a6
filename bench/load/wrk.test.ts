import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWrk, wrkScript } from './wrk.ts';

test('the summary line is found among what wrk prints', () => {
  const output =
    'Running 1s test @ http://127.0.0.1\n  1 threads\nRequests/sec: 12\nBENCH 300 4096 1500000 2\n';
  assert.deepEqual(parseWrk(output), { requests: 300, bytes: 4096, seconds: 1.5, errors: 2 });
  assert.throws(() => parseWrk('unable to connect\n'), /no summary but: unable to connect/);
});

test('paths go into the script as they are, and none can leave its string', () => {
  const path = '/github.com/!burnt!sushi/toml/@v/v1.0.0+incompatible.mod';
  assert.ok(wrkScript(['/a', path]).includes(`{ "/a", "${path}" }`));
  for (const bad of ['a', '/a"', '/a\\n', '/a\n', '/a b'])
    assert.throws(() => wrkScript([bad]), /not a path/, JSON.stringify(bad));
});
