import { historyPath } from '../history/history-file.ts';
import { readHistory, type Report } from '../history/read-history.ts';
import { say, type Text } from '../words/text.ts';
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
 * `rondo serve` writes. Needs no server. Where nothing is recorded yet that is said, and the report is empty.
 * @throws RondoError E_STORE, E_CONFIG
 */
export async function report(flags: Flags, context: CliContext): Promise<number> {
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  const untilMs = context.clock.wallMs();
  const sinceMs = flags.since ?? DEFAULT_SINCE_MS;
  const period = { sinceMs: untilMs - sinceMs, untilMs };
  const path = historyPath(config.cache.dir);
  const format = flags.json === true ? 'json' : (flags.format ?? 'table');
  const { series, ...read } = await readHistory(path, period, {
    parts: POINTS,
    nowMs: untilMs,
    allIncidents: format === 'json',
  });
  const span = formatSpan(sinceMs);
  if (read.mirrors.length === 0)
    context.tell(
      say(
        'nothing is recorded of the last {span} yet: while rondo serve runs, it writes to {path} once a minute; --cache-dir names a copy elsewhere',
        { span, path },
      ),
    );
  if (format === 'json') context.data(`${JSON.stringify(read, null, 2)}\n`);
  else if (format === 'html') context.data(reportPage(read, series, context.table));
  else if (read.mirrors.length > 0) tellTable(read, span, context);
  return EXIT.ok;
}

function tellTable(read: Report, span: Text, context: CliContext): void {
  const { mirrors, incidents, period } = read;
  const style = context.screen('stdout');
  context.tell(
    say('Service levels of the last {span}, until {until}', { span, until: localTime(period.untilMs) }),
  );
  const lines = levelsTable(mirrors, style);
  if (incidents.length > 0) lines.push('', ...incidentsTable(read, style));
  context.data(`${lines.join('\n')}\n`);
}
