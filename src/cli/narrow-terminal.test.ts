import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { ModuleFacts } from '../inquiry/module-facts.ts';
import type { HeldVersion } from '../upkeep/list-copy.ts';
import { tableOf } from '../words/language.ts';
import { say } from '../words/text.ts';
import { copyTable } from './cache-ls.ts';
import { createProgressLine } from './progress.ts';
import type { Screen } from './screen.ts';
import type { TableStyle } from './table.ts';
import { moduleTable } from './why-module-words.ts';

const WIDTHS = [40, 60, 80] as const;
const PSEUDO = 'v0.0.0-20260101000000-0123456789ab';

const HELD: readonly HeldVersion[] = [
  'github.com/aws/aws-sdk-go-v2/service/internal/presigned-url',
  'github.com/grpc-ecosystem/grpc-gateway/v2',
  'golang.org/x/text',
].map((module, index) => ({
  module,
  version: index === 0 ? PSEUDO : 'v1.12.3',
  sizeBytes: 5_000_000 * index,
  requestedAt: 0,
  files: { zip: { sizeBytes: 1, verified: 'database', mirror: 'mirrors.aliyun.com/goproxy' } },
}));

const LISTS: ModuleFacts = {
  module: 'example.com/m',
  privateBy: undefined,
  mirrors: [
    {
      name: 'mirrors.aliyun.com/goproxy',
      kind: 'has',
      versions: 128,
      lacks: 12,
      standing: 'behind',
      newest: PSEUDO,
    },
    { name: 'goproxy.bj.bcebos.com', kind: 'refused', status: 403, words: 'this module is not carried here' },
    { name: 'goproxy.cn', kind: 'failed', why: 'no answer within 10 s' },
  ],
  direct: { kind: 'not-asked', why: 'there is no go' },
  newest: PSEUDO,
};

/** In both languages, at each width. */
async function everywhere(check: (style: TableStyle, where: string) => void): Promise<void> {
  for (const [language, table] of [
    ['en', undefined],
    ['zh', await tableOf('zh')],
  ] as const)
    for (const width of WIDTHS) check({ width, color: false, table }, `${language} at ${width}`);
}

function fits(lines: readonly string[], { width }: TableStyle, where: string): void {
  for (const line of lines) assert.ok(stringWidth(line) <= width, `${where}: ${line}`);
}

test('cache ls: no line is wider than the terminal, and every name and version can be read', async () => {
  await everywhere((style, where) => {
    const lines = copyTable(HELD, 8 * 60_000, style);
    fits(lines, style, where);
    for (const { module } of HELD) {
      const last = module.replace(/\/v2$/, '').split('/').at(-1) ?? '';
      assert.ok(
        lines.some((line) => line.includes(last)),
        `${where}: ${last}`,
      );
    }
    assert.ok(lines.join('').includes(PSEUDO), where);
  });
});

test('cache ls of a narrow terminal: names stand by themselves, and the columns below them', () => {
  assert.deepEqual(copyTable(HELD.slice(1, 2), 8 * 60_000, { width: 40, color: false }), [
    'MODULE',
    '    VERSION     SIZE  ASKED FOR',
    'github.com/grpc-ecosystem/grpc-gateway/',
    'v2',
    '    v1.12.3  4.8 MiB  8 min ago',
  ]);
});

test('why MODULE: no line is wider than the terminal, and who lacks it, and why, can be read', async () => {
  await everywhere((style, where) => {
    const lines = moduleTable(LISTS, style);
    fits(lines, style, where);
    for (const { name } of LISTS.mirrors)
      assert.ok(
        lines.some((line) => line.startsWith(name)),
        `${where}: ${name}`,
      );
    assert.ok(lines.join('').includes(PSEUDO), where);
    assert.ok(
      lines.some((line) => line.trim() === (style.table ? '10 秒内没有应答' : 'no answer within 10 s')),
      where,
    );
  });
});

test('progress keeps its count: the bar is shortened before, and what stands behind it goes first', async () => {
  const shownAt = async (width: number, table: TableStyle['table']): Promise<string> => {
    const clock = new VirtualClock();
    const written: string[] = [];
    const screen: Screen = { isTerminal: true, width, height: 24, color: false, table };
    const line = createProgressLine(say('writing the target'), {
      clock,
      words: (text) => void written.push(text),
      screen: () => screen,
    });
    line.update({ done: 0, total: 1200, bytes: 0 });
    await clock.advance(4000);
    line.update({ done: 120, total: 1200, bytes: 5 * 2 ** 20 });
    await clock.advance(100);
    line.end();
    return written.at(-1)?.split('\u001B[0J').at(-1)?.trimEnd() ?? '';
  };
  const zh = await tableOf('zh');
  for (const width of [...WIDTHS, 24, 12]) {
    const [en, chinese] = [await shownAt(width, undefined), await shownAt(width, zh)];
    fits([en, chinese], { width, color: false }, String(width));
    assert.match(en, /120 of 1200/);
    assert.match(chinese, /120\/1200/);
  }
  assert.equal(await shownAt(40, undefined), 'writing the target 120 of 1200, 5 MiB');
  assert.equal(
    await shownAt(80, undefined),
    'writing the target [#-----------------] 120 of 1200, 5 MiB, 1.2 MiB/s, 37 s left',
  );
});
