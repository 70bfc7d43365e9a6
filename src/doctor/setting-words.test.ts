import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import type { GoValue } from './go-setting.ts';
import { explainSettings } from './setting-words.ts';

function means(name: string, value: string, from: GoValue['from'] = 'go env -w'): string | undefined {
  const found = explainSettings(new Map([[name, { value, from }]])).find((each) => each.name === name);
  return found === undefined ? undefined : render(found.means);
}

test('what each setting comes to', () => {
  const table: [string, string, string][] = [
    ['GO111MODULE', '', 'modules are used everywhere'],
    ['GO111MODULE', 'on', 'modules are used everywhere'],
    ['GO111MODULE', 'auto', 'modules are used where there is a go.mod'],
    ['GO111MODULE', 'off', 'neither go.mod nor any proxy is used'],
    ['GOFLAGS', '', 'no flags are added'],
    ['GOFLAGS', '-mod=mod', 'added to every go command that knows them'],
    ['GOPROXY', 'off', 'nothing is downloaded'],
    ['GOPROXY', 'direct', 'every module comes from its own repository'],
    ['GOPROXY', 'https://goproxy.cn|https://goproxy.io', 'asked in this order: goproxy.cn, goproxy.io'],
    [
      'GOPROXY',
      'http://127.0.0.1:7070,direct',
      'asked in this order: 127.0.0.1:7070, and at last the repository of each module',
    ],
    ['GOPROXY', ',', 'go takes no such list'],
    ['GOSUMDB', 'off', 'no module is compared with a checksum database'],
    [
      'GOSUMDB',
      'sum.golang.org+033de0ae+Ac4z https://x.example',
      'every public module is compared with sum.golang.org',
    ],
    ['GOPRIVATE', '', 'no module is private'],
    ['GOPRIVATE', '*.corp.example', 'no mirror and no checksum database hears of these'],
    ['GONOPROXY', 'none', 'mirrors may hear of every module'],
    ['GONOSUMDB', 'corp.example', 'no checksum database hears of these'],
    ['GOINSECURE', 'corp.example', 'these may be fetched without TLS'],
    ['GOTOOLCHAIN', 'local', 'the go that is installed is used, whatever go.mod asks for'],
  ];
  for (const [name, value, expected] of table) assert.equal(means(name, value), expected, `${name}=${value}`);
});

test('what is rare is shown only where somebody has set it, and passwords never', () => {
  assert.equal(means('GONOPROXY', '*.corp.example', 'default'), undefined);
  assert.equal(means('GOPRIVATE', '', 'default'), 'no module is private');
  const [goproxy] = explainSettings(
    new Map([['GOPROXY', { value: 'https://me:secret@a.example', from: 'environment' }]]),
  );
  assert.equal(goproxy?.value, 'https://…@a.example');
  assert.equal(render(goproxy.means), 'asked in this order: a.example');
  assert.deepEqual(explainSettings(new Map()), [], 'go could not be asked');
});
