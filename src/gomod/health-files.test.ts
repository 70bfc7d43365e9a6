import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashMod } from './h1.ts';
import { PROBE_FILE } from './health-files.ts';

test('what a mirror must answer to a probe is what the checksum database has', () => {
  // golang.org/x/text v0.3.0/go.mod, as in cmd/go/testdata/script/mod_concurrent.txt.
  assert.equal(hashMod(Buffer.from(PROBE_FILE.text)), 'h1:NqM8EUOU14njkJ3fqMW+pc6Ldnwhi/IjpwHt7yyuwOQ=');
});
