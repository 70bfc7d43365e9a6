import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { VersionFacts } from '../inquiry/facts.ts';
import { tableOf } from '../words/language.ts';
import { whyTable } from './why-words.ts';

const h1 = (letter: string): string => `h1:${letter.repeat(43)}=`;
const FACTS: VersionFacts = {
  module: 'example.com/m',
  version: 'v1.0.0',
  privateBy: undefined,
  isPseudo: false,
  mirrors: [
    { name: 'mirrors.aliyun.com/goproxy', kind: 'has', mod: h1('a'), zip: h1('b'), commit: 'c'.repeat(40) },
    { name: 'goproxy.io', kind: 'refused', status: 403 },
    { name: 'goproxy.cn', kind: 'failed', why: 'connect ETIMEDOUT' },
  ],
  direct: { kind: 'not-asked', why: 'there is no go' },
  database: { kind: 'exempt' },
  goSum: { mod: h1('a'), zip: h1('b') },
};

test('the table is no wider than the terminal, and what was cut of who has it stands below, in Chinese too', async () => {
  for (const table of [undefined, await tableOf('zh')])
    for (const width of [40, 55, 60, 80, 120]) {
      const lines = whyTable(FACTS, { width, color: false, table });
      for (const line of lines) assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
    }
  const text = whyTable(FACTS, { width: 40, color: false }).join('\n');
  assert.match(text, /^checksum da… {2}not as…$\n^ {4}not asked: GONOSUMDB, GOPRIVATE or\n {4}GOSUMDB$/m);
  assert.match(text, /^its reposit… {2}not as…$\n^ {4}not asked: there is no go$/m);
  assert.match(text, /^mirrors\.ali… {2}yes {5}\s*h1:aa+… {2}h1:bb+…$/m);
});
