import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsIn } from '../../dashboard/api/read-events.ts';
import { stateChanges } from '../../dashboard/live/announce.ts';
import { waitMs } from '../../dashboard/live/backoff.ts';
import { figuresIn } from '../../dashboard/show/figures.ts';
import { goproxyCommand } from '../../dashboard/show/goproxy-command.ts';
import { takenLocale } from '../../dashboard/show/locale.ts';
import { CHINESE } from '../../dashboard/words/chinese.ts';
import { ENGLISH } from '../../dashboard/words/english.ts';
import { languageOf, sayIn } from '../../dashboard/words/say.ts';
import { busyScene } from './busy-scene.ts';

test('events are read wherever the stream is cut', () => {
  const stream = ': alive\n\nevent: status\ndata: {"a":\ndata: 1}\n\nevent: mirrors\r\ndata:{}\r\n\r\n';
  const whole = [
    { name: 'status', data: '{"a":\n1}' },
    { name: 'mirrors', data: '{}' },
  ];
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const first = eventsIn(stream.slice(0, cut));
    const second = eventsIn(first.rest + stream.slice(cut));
    assert.deepEqual([...first.events, ...second.events], whole, `cut at ${cut}`);
    assert.equal(second.rest, '');
  }
});

test('attempts wait longer and longer, half a minute at most', () => {
  const longest = [1, 2, 3, 4, 5, 6, 20].map((attempt) => waitMs(attempt, 1));
  assert.deepEqual(longest, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  assert.equal(waitMs(1, 0), 750);
});

test('only states that changed are told, and none at the first answer', () => {
  const { mirrors } = busyScene().mirrors;
  assert.deepEqual(stateChanges(undefined, mirrors), []);
  assert.deepEqual(stateChanges(mirrors, mirrors), []);
  const later = mirrors.map((each, index) => (index === 0 ? { ...each, status: 'TRIAL' } : each));
  assert.deepEqual(stateChanges(mirrors, later), [{ mirror: 'proxy.example.com', status: 'TRIAL' }]);
});

test('figures as people write them', () => {
  const { bytes, duration, share, latency } = figuresIn('en');
  assert.deepEqual([0, 999, 1000, 1024 * 150, 1024 ** 3 * 2.5].map(bytes), [
    '0 B',
    '999 B',
    '1 KiB',
    '150 KiB',
    '2.5 GiB',
  ]);
  assert.deepEqual([0, 59_400, 3_660_000, 90_000_000].map(duration), ['0 s', '59 s', '1 h 1 min', '1 d 1 h']);
  // Never 100% of what was out.
  assert.deepEqual([1, 0.999_99, 0.5].map(share), ['100%', '99.99%', '50%']);
  assert.deepEqual([84.2, 1250].map(latency), ['84 ms', '1.3 s']);
  assert.equal(figuresIn('zh').ago(65_000), '1 分钟 5 秒前');
});

test('a language that Intl does not take becomes one that it does', () => {
  for (const [said, taken] of [
    ['zh-CN', 'zh-CN'],
    ['en-US@posix', 'en-US'],
    ['zh_CN.UTF-8', 'zh-CN'],
    ['', 'en-GB'],
    ['C', 'en-GB'],
  ] as const) {
    assert.equal(takenLocale(said), taken);
    assert.equal(new Intl.NumberFormat(takenLocale(said)).format(1), '1');
  }
});

test('the command to paste has the address that the browser found Rondo at', () => {
  for (const [baseUri, chainEnd, value] of [
    ['http://rondo.example:7070/', ',direct', 'http://rondo.example:7070,direct'],
    ['https://go.example/', '', 'https://go.example'],
    ['https://go.example/go/proxy/?x=1#top', '|direct', '"https://go.example/go/proxy|direct"'],
    ['http://[2001:db8::1]:7070/', ',off', 'http://[2001:db8::1]:7070,off'],
  ] as const)
    assert.equal(goproxyCommand(baseUri, chainEnd), `go env -w GOPROXY=${value}`);
});

test('what is put into a slot is not looked at again', () => {
  const text = sayIn('en')('changedState', { mirror: '{state}', state: 'well' });
  assert.equal(text, '{state}: well');
});

test('both tables have the same slots', () => {
  for (const key of Object.keys(ENGLISH) as (keyof typeof ENGLISH)[]) {
    const slots = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).toSorted();
    assert.deepEqual(slots(CHINESE[key]), slots(ENGLISH[key]), key);
  }
});

test('the language is the first one of the browser that there is', () => {
  assert.equal(languageOf(['zh-Hans-CN', 'en']), 'zh');
  assert.equal(languageOf(['de-DE', 'en-US', 'zh']), 'en');
  assert.equal(languageOf([]), 'en');
});
