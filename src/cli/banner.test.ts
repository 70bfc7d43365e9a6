import { tableOf } from '../words/language.ts';
import { say } from '../words/text.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../config/config.ts';
import { defaultOf } from '../config/key.ts';
import { SECTIONS } from '../config/section-keys.ts';
import { shellWord } from '../kit/shell-word.ts';
import { banner, type BannerFacts } from './banner.ts';

const mirror = (name: string): Chain['mirrors'][number] => ({
  name,
  url: new URL('https://m.example'),
  weight: 1,
  tier: 0,
  match: '*',
  probePath: '/',
});

const { cache } = SECTIONS;
const FACTS: BannerFacts = {
  version: '1.2.3',
  startedInMs: 142.6,
  url: 'http://127.0.0.1:7070',
  config: {
    chain: {
      mirrors: [mirror('a.example'), mirror('b.example')],
      end: 'direct',
      endSeparator: ',',
      origin: 'environment GOPROXY',
      trusted: true,
    },
    cache: {
      dir: '/copy',
      maxBytes: defaultOf(cache.maxBytes),
      minFreeBytes: defaultOf(cache.minFreeBytes),
      memoryBytes: defaultOf(cache.memoryBytes),
      holdMs: defaultOf(cache.holdMs),
      freshTtlMs: defaultOf(cache.freshTtlMs),
      refreshWaitMs: defaultOf(cache.refreshWaitMs),
      staleMaxQueryMs: defaultOf(cache.staleMaxQueryMs),
      listHoldMs: 0,
      negativeTtlMs: defaultOf(cache.negativeTtlMs),
    },
  },
  offline: false,
  notes: [],
  variables: { GOPROXY: 'http://127.0.0.1:7070,direct' },
  env: {},
};

test('name, version, start time, address, mirrors with their origin, copy, and the line to paste', () => {
  assert.deepEqual(banner(FACTS), {
    words: `rondo 1.2.3, started in 143 ms
  address  http://127.0.0.1:7070 (the dashboard, in a browser)
  mirrors  a.example, b.example, then direct (by the go command)
  from     environment GOPROXY
  copy     /copy
Paste this once, and go uses it:
`,
    data: 'go env -w GOPROXY=http://127.0.0.1:7070,direct\n',
  });
});

test('in Chinese the words line up all the same, and the line to paste is the same', async () => {
  const { words, data } = banner(
    { ...FACTS, offline: true, env: { GOPROXY: 'x' }, notes: [say('no host')] },
    await tableOf('zh'),
  );
  assert.equal(
    words,
    `rondo 1.2.3，启动用时 143 ms
  地址  http://127.0.0.1:7070（在浏览器中打开即为仪表板）
  镜像  a.example, b.example，然后是 direct（由 go 命令处理）
  来源  环境变量 GOPROXY
  副本  /copy（离线：不询问其他来源）
  注意  没有主机名
  注意  环境变量 GOPROXY 会覆盖 go env -w 的设置：请在运行 go 的环境中取消设置
粘贴执行一次下面这行，go 就会使用它：
`,
  );
  assert.equal(data, banner(FACTS).data);
});

test('a line that a shell would take apart is quoted, and each variable has its own', () => {
  const variables = { GOPROXY: 'http://127.0.0.1:7070|direct', GOSUMDB: 'sum.golang.org' };
  const { data, words } = banner({ ...FACTS, variables });
  assert.equal(
    data,
    `go env -w ${shellWord('GOPROXY=http://127.0.0.1:7070|direct')}\ngo env -w GOSUMDB=sum.golang.org\n`,
  );
  assert.match(words, /Paste these once/);
});

test('a variable of the environment that would hide the line is named', () => {
  assert.match(
    banner({ ...FACTS, env: { GOPROXY: 'x', GOSUMDB: 'x' } }).words,
    /note {5}GOPROXY in the environment/,
  );
  assert.doesNotMatch(banner({ ...FACTS, env: { GOPROXY: '' } }).words, /note/);
});

test('offline says so, and names come out printable', () => {
  const offline = banner({
    ...FACTS,
    offline: true,
    config: { ...FACTS.config, chain: { ...FACTS.config.chain, mirrors: [mirror('\u001b[2J')] } },
  });
  assert.match(offline.words, /copy {5}\/copy \(offline: /);
  assert.ok(!offline.words.includes('\u001b'));
});
