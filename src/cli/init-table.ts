import { printable } from '../config/quote.ts';
import type { Measurement } from '../mirrors/measure.ts';
import type { Candidate, Ranked } from './init-plan.ts';
import { formatSpan } from './span.ts';
import { formatTable, type Cell, type Column, type Row, type TableStyle } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'MIRROR' },
  { title: 'RESULT' },
  { title: 'FIRST BYTE', align: 'right', leaveOut: 1 },
  { title: 'AT FIRST', align: 'right', leaveOut: 4 },
  { title: 'TLS', leaveOut: 3 },
  { title: 'CERTIFICATE', align: 'right', leaveOut: 6 },
  { title: 'SYNCED', align: 'right', leaveOut: 2 },
  { title: 'CHAIN', leaveOut: 5 },
];

/** A candidate, measured or still being asked. */
export type Asked = Candidate & { readonly measurement?: Measurement };

/** The mirrors as a table for people, no wider than the terminal; mirrors' words are made printable. Pure. */
export function formatInitTable(asked: readonly Asked[], wallMs: number, style: TableStyle): string[] {
  return formatTable(
    COLUMNS,
    asked.map((each) => rowOf(each, wallMs)),
    style,
  );
}

function rowOf({ mirror, ofChain, measurement }: Asked, wallMs: number): Row {
  const name: Cell = { text: printable(mirror.name, 60) };
  const chain: Cell = { text: ofChain ? 'in force' : '-' };
  const dash: Cell = { text: '-' };
  if (measurement === undefined) {
    return { cells: [name, { text: 'asking …' }, dash, dash, dash, dash, dash, chain] };
  }
  const { warmMs, coldMs, tls, syncedAtMs } = measurement;
  const words = troubleWords(measurement);
  return {
    cells: [
      name,
      RESULTS[measurement.grade],
      { text: milliseconds(warmMs ?? coldMs) },
      { text: milliseconds(coldMs) },
      { text: tls === undefined ? '-' : printable(tls.protocol, 12) },
      { text: tls?.validUntilMs === undefined ? '-' : formatSpan(tls.validUntilMs - wallMs) },
      { text: syncedAtMs === undefined ? '-' : `${formatSpan(wallMs - syncedAtMs)} ago` },
      chain,
    ],
    ...(words === undefined ? {} : { notes: [{ text: words }] }),
  };
}

const RESULTS: Readonly<Record<Measurement['grade'], Cell>> = {
  works: { text: 'works', paint: 'green' },
  reached: { text: 'reached', paint: 'yellow' },
  failed: { text: 'failed', paint: 'red' },
};

/** One line for those who see no table: what was found, without the name. */
export function measurementWords(measurement: Measurement, wallMs: number): string {
  const { grade, warmMs, coldMs, tls, syncedAtMs } = measurement;
  const parts = [
    grade,
    ...(grade === 'failed' ? [] : [`first byte ${milliseconds(warmMs ?? coldMs)}`]),
    ...(warmMs === undefined || coldMs === undefined ? [] : [`at first ${milliseconds(coldMs)}`]),
    ...(tls === undefined ? [] : [printable(tls.protocol, 12)]),
    ...(syncedAtMs === undefined ? [] : [`synchronised ${formatSpan(wallMs - syncedAtMs)} ago`]),
  ];
  const trouble = troubleWords(measurement);
  return `${parts.join(', ')}${trouble === undefined ? '' : ` (${trouble})`}`;
}

/** What was not well, in the words of the one classifier. */
function troubleWords({
  grade,
  outcome,
  explanation,
  failures,
  asked,
  trouble,
}: Measurement): string | undefined {
  if (grade !== 'works') return printable(`${outcome.detail}: ${explanation.words}`);
  if (trouble === undefined) return undefined;
  return printable(`${failures} of ${asked} times it failed: ${trouble.detail}`);
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${Math.max(1, Math.round(ms))} ms`;
}

/** What stands above a mirror's section in the file. */
export function fileNote({ measurement }: Ranked, written: boolean, wallMs: number): string {
  const day = new Date(wallMs).toISOString().slice(0, 10);
  const where = written ? '' : 'not in proxy; ';
  return `${where}on ${day}: ${measurementWords(measurement, wallMs)}`;
}
