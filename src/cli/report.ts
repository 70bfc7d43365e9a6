import { historyPath } from '../history/history-file.ts';
import { readHistory, type Report } from '../history/read-history.ts';
import { say } from '../words/text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { reportPage } from './report-page.ts';
import { incidentsTable, levelsTable, localTime } from './report-table.ts';
import { formatSpan } from './span.ts';
import { loadUserConfig } from './user-config.ts';

const DAY_MS = 24 * 3_600_000;
const DEFAULT_SINCE_MS = 7 * DAY_MS;
/** Points of a chart: an hour each in a week. */
const POINTS = 168;

/**
 * `rondo report [--since 7d] [--format table|json|html]`: how well each mirror has served, from the history that
 * `rondo serve` writes. Needs no server. Resolves with 0, and with 1 where nothing was recorded.
 * @throws RondoError E_NO_HISTORY, E_STORE, E_CONFIG
 */
export async function report(flags: Flags, context: CliContext): Promise<number> {
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  const untilMs = context.clock.wallMs();
  const sinceMs = flags.since ?? DEFAULT_SINCE_MS;
  const period = { sinceMs: untilMs - sinceMs, untilMs };
  const { series, ...read } = await readHistory(historyPath(config.cache.dir), period, {
    parts: POINTS,
  });
  const format = flags.json === true ? 'json' : (flags.format ?? 'table');
  if (format === 'json') context.data(`${JSON.stringify(read, null, 2)}\n`);
  else if (format === 'html') context.data(reportPage(read, series, context.table));
  else tellTable(read, sinceMs, context);
  return read.mirrors.length === 0 ? EXIT.findings : EXIT.ok;
}

function tellTable({ mirrors, incidents, period }: Report, sinceMs: number, context: CliContext): void {
  const span = formatSpan(sinceMs);
  if (mirrors.length === 0) return context.tell(say('nothing was recorded in the last {span}', { span }));
  const style = context.screen('stdout');
  context.tell(
    say('Service levels of the last {span}, until {until}', { span, until: localTime(period.untilMs) }),
  );
  const lines = levelsTable(mirrors, style);
  if (incidents.length > 0) lines.push('', ...incidentsTable(incidents, period.untilMs, style));
  context.data(`${lines.join('\n')}\n`);
}
