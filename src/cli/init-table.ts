import { printable } from '../config/quote.ts';
import type { Measurement } from '../mirrors/measure.ts';
import type { Candidate, Ranked } from './init-plan.ts';
import { causeWords } from '../upstream/explain-cause.ts';
import { detailText } from '../words/detail-text.ts';
import { listed, say, type Text } from '../words/text.ts';
import { formatSpan } from './span.ts';
import { formatTable, type Cell, type Column, type Row, type TableStyle } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: say('MIRROR') },
  { title: say('RESULT') },
  { title: say('FIRST BYTE'), align: 'right', leaveOut: 1 },
  { title: say('AT FIRST'), align: 'right', leaveOut: 4 },
  { title: 'TLS', leaveOut: 3 },
  { title: say('CERTIFICATE'), align: 'right', leaveOut: 6 },
  { title: say('SYNCED'), align: 'right', leaveOut: 2 },
  { title: say('CHAIN'), leaveOut: 5 },
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
  const chain: Cell = { text: ofChain ? say('in force') : '-' };
  const dash: Cell = { text: '-' };
  if (measurement === undefined) {
    return { cells: [name, { text: say('asking …') }, dash, dash, dash, dash, dash, chain] };
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
      { text: syncedAtMs === undefined ? '-' : say('{span} ago', { span: formatSpan(wallMs - syncedAtMs) }) },
      chain,
    ],
    ...(words === undefined ? {} : { notes: [{ text: words }] }),
  };
}

const RESULTS: Readonly<Record<Measurement['grade'], Cell>> = {
  works: { text: say('works'), paint: 'green' },
  reached: { text: say('reached'), paint: 'yellow' },
  failed: { text: say('failed'), paint: 'red' },
};

/** One line for those who see no table: what was found, without the name. */
export function measurementWords(measurement: Measurement, wallMs: number): Text {
  const { grade, warmMs, coldMs, tls, syncedAtMs } = measurement;
  const parts = listed([
    RESULTS[grade].text,
    ...(grade === 'failed' ? [] : [say('first byte {time}', { time: milliseconds(warmMs ?? coldMs) })]),
    ...(warmMs === undefined || coldMs === undefined
      ? []
      : [say('at first {time}', { time: milliseconds(coldMs) })]),
    ...(tls === undefined ? [] : [printable(tls.protocol, 12)]),
    ...(syncedAtMs === undefined
      ? []
      : [say('synchronised {span} ago', { span: formatSpan(wallMs - syncedAtMs) })]),
  ]);
  const trouble = troubleWords(measurement);
  return trouble === undefined ? parts : say('{what} ({trouble})', { what: parts, trouble });
}

/** What was not well, in the words of the one classifier. */
function troubleWords({ grade, outcome, failures, asked, trouble }: Measurement): Text | undefined {
  const detail = detailText(printable((grade === 'works' ? trouble : outcome)?.detail ?? ''));
  if (grade !== 'works') {
    const words = causeWords(outcome.cause)?.words ?? outcome.cause;
    return say('{detail}: {words}', { detail, words });
  }
  if (trouble === undefined) return undefined;
  return say('{failures} of {asked} times it failed: {detail}', { failures, asked, detail });
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${Math.max(1, Math.round(ms))} ms`;
}

/** What stands above a mirror's section in the file. */
export function fileNote({ measurement }: Ranked, written: boolean, wallMs: number): Text {
  const day = new Date(wallMs).toISOString().slice(0, 10);
  const what = measurementWords(measurement, wallMs);
  return written
    ? say('on {day}: {what}', { day, what })
    : say('not in proxy; on {day}: {what}', { day, what });
}
