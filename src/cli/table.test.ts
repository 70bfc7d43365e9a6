import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable, type Column, type Row } from './table.ts';
import stringWidth from 'string-width';
import { cutToWidth, wrapWords } from './text-width.ts';

const COLUMNS: readonly Column[] = [
  { title: 'MIRROR' },
  { title: 'STATE' },
  { title: 'P50', align: 'right', leaveOut: 2 },
  { title: 'GATE', leaveOut: 1 },
];
const ROWS: readonly Row[] = [
  {
    cells: [
      { text: 'mirror.example/go' },
      { text: 'HEALTHY', paint: 'green' },
      { text: '9 ms' },
      { text: 'closed' },
    ],
    notes: [{ text: 'one two three four five' }],
  },
  { cells: [{ text: '镜像.example' }, { text: 'UNHEALTHY' }, { text: '1200 ms' }, { text: 'open' }] },
];

test('columns are aligned, whatever the script, and numbers to the right', () => {
  assert.deepEqual(formatTable(COLUMNS, ROWS, { width: Infinity, color: false }), [
    'MIRROR             STATE          P50  GATE',
    'mirror.example/go  HEALTHY       9 ms  closed',
    '    one two three four five',
    '镜像.example       UNHEALTHY  1200 ms  open',
  ]);
});

test('in a narrow terminal columns are left out by rank, then names have lines of their own; notes are wrapped', () => {
  assert.deepEqual(formatTable(COLUMNS, ROWS, { width: 38, color: false }), [
    'MIRROR             STATE      GATE',
    'mirror.example/go  HEALTHY    closed',
    '    one two three four five',
    '镜像.example       UNHEALTHY  open',
  ]);
  const tiny = formatTable(COLUMNS, ROWS, { width: 24, color: false });
  assert.deepEqual(tiny, [
    'MIRROR',
    '    STATE      GATE',
    'mirror.example/go',
    '    HEALTHY    closed',
    '    one two three four',
    '    five',
    '镜像.example',
    '    UNHEALTHY  open',
  ]);
});

test('where that does not help, the widest of the others are cut too, but no numbers; what matters stands below', () => {
  const columns: readonly Column[] = [
    { title: 'WHO' },
    { title: 'HAS IT', below: true },
    { title: 'VERSIONS', align: 'right' },
    { title: 'NEWEST' },
  ];
  const rows: readonly Row[] = [
    {
      cells: [
        { text: 'mirror.example/go' },
        { text: 'not asked: there is no go' },
        { text: '12' },
        { text: 'v1.2.3-0.20260101000000-0123456789ab' },
      ],
    },
    { cells: [{ text: 'b' }, { text: 'yes' }, { text: '1' }, { text: 'v1.0.0' }], notes: [{ text: 'note' }] },
  ];
  assert.deepEqual(formatTable(columns, rows, { width: 44, color: false }), [
    'WHO',
    '    HAS IT          VERSIONS  NEWEST',
    'mirror.example/go',
    '    not asked: th…        12  v1.2.3-0.2026…',
    '    not asked: there is no go',
    'b',
    '    yes                    1  v1.0.0',
    '    note',
  ]);
  // Where there is no room for all, those at the end go; a long name is broken behind a slash.
  assert.deepEqual(formatTable(columns, rows, { width: 16, color: false }).slice(2, 8), [
    'mirror.example/',
    'go',
    '    not as…',
    '    not asked:',
    '    there is no',
    '    go',
  ]);
});

test('colour adds no columns and takes no words away', () => {
  const plain = formatTable(COLUMNS, ROWS, { width: 80, color: false }).join('\n');
  const color = formatTable(COLUMNS, ROWS, { width: 80, color: true }).join('\n');
  assert.ok(color.includes('\u001B[32mHEALTHY\u001B[39m'));
  // oxlint-disable-next-line no-control-regex -- the escape is what is looked for
  assert.equal(color.replace(/\u001B\[\d+m/g, ''), plain);
});

test('widths: wide and combining characters, cuts, words', () => {
  assert.deepEqual([stringWidth('镜像'), stringWidth('e\u0301'), stringWidth('a…b')], [4, 1, 3]);
  assert.deepEqual(
    [cutToWidth('镜像镜像', 6), cutToWidth('abc', 3), cutToWidth('abcd', 3)],
    ['镜像…', 'abc', 'ab…'],
  );
  assert.deepEqual(wrapWords('a bb ccc unbreakable d', 5), ['a bb', 'ccc', 'unbreakable', 'd']);
});
