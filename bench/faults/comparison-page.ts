import { escapeCell, markdownRows } from '../frame/markdown.ts';
import type { FaultResults } from './fault-results.ts';
import { whereAndWhen } from './page.ts';
import { standingsOf, type FaultLine, type RowStanding } from './standings.ts';
import { labelOf, shortRows, subjectWords } from './table.ts';

const NOT_MEASURED =
  'Nothing has been measured yet. `npm run bench:faults` does it, and `node_modules/.bin/node scripts/comparison-page.ts > docs/comparison.md` writes it here.';

/** What each program is, whatever was measured. */
const PROGRAMS = `## What each of them is

**nginx, HAProxy and Caddy** balance any HTTP. They do it well, in little memory, and terminate TLS and log on the way, among much else; many teams have one already. As they come they can try another mirror until the first byte has gone to the client, and not after it; whether a body is right they cannot know, since they know nothing of modules.

- **nginx** goes on to the next mirror after whatever \`proxy_next_upstream\` names, statuses among it, and so gets past nearly everything that is visible in the head of an answer. A mirror that failed is left alone for \`fail_timeout\`, here its default of 10 s; 403 and 404 are no failures to it. Active health checks are part of the commercial edition; without them it is a client's request that finds out, each time, whether a mirror is well again. \`proxy_cache\` would give it a copy of its own, and \`proxy_cache_use_stale\` old answers in an outage.
- **HAProxy** checks mirrors actively and, with \`observe layer7\`, watches their traffic as well; \`retry-on\` and \`redispatch\` repeat a request elsewhere after time-outs, junk and the statuses that are named. Its statistics say what it noticed.
- **Caddy** needs one line to begin with, and has certificates by itself. It checks mirrors actively and watches their traffic as well. It repeats a GET where no answer came (\`lb_try_duration\`); after a status it asks another mirror where \`handle_response\` holds a second \`reverse_proxy\`, as it does here, or from 2.11.3 on where \`lb_retry_match\` names the status.

**goproxy/goproxy** is a module proxy: it keeps a copy, compares with the checksum database, and runs \`go\` for what is to come from its repository (\`direct\`). It takes mirrors in the order of GOPROXY each time, as go does, and asks one that fails up to ten times before it goes on; it does not remember that one is down, which costs time as long as it is, and none when it is back. \`-fetch-timeout\` is for all mirrors together, so one that never answers leaves nothing to the next. Unless GOSUMDB has an address, the checksum database is asked of the first mirror that offered it, from then on. A 429 or 5xx of the last mirror, and a time-out, reach the client as 404, with the reason in words and not to be kept. How quick it is out of its copy, in far less memory than Rondo: \`bench/results\`.

**Rondo** knows modules as well, and what a mirror is worth at the moment: a body is held back until it is verified (after 5 s, \`cache.hold\`, all but its last 64 KiB may leave before), one that breaks off is continued elsewhere, and a mirror that lies is left alone. It takes more memory than a balancer does, and speaks nothing but GOPROXY.`;

const ADVICE = `## Which one, then

With one good mirror and files that are there already, none of this matters. In front of several mirrors that fail outright now and then, a balancer that you run anyway does much of it; let it ask the next mirror after 403, 404, 429 and 5xx, keep its time limits short, and \`GOSUMDB\` on, so that go notices wrong bytes, if only by failing. They go together too: Rondo for the mirrors, a balancer in front of several Rondos.`;

/**
 * docs/comparison.md: what each program does well and where it ends, with the figures of a comparison. Pure; undefined
 * where there is none yet.
 */
export function comparisonPage(results: FaultResults | undefined): string {
  const parts = [
    '# Rondo beside other proxies, when mirrors fail',
    'Several programs can stand in front of Go module mirrors. This page says what each of them makes of the faults that mirrors have, measured with one of three mirrors bad. It is written by `scripts/comparison-page.ts`: the words by hand, every figure from the results.',
    PROGRAMS,
    ...(results === undefined ? [NOT_MEASURED] : measuredParts(results)),
    ADVICE,
  ];
  return `${parts.join('\n\n')}\n`;
}

function measuredParts(results: FaultResults): string[] {
  const { date, conditions } = results;
  const standings = standingsOf(results);
  return [
    '## Measured',
    `Each cell: the share of right answers (by SHA-256) and the p99 of these; after an outage of all mirrors, how soon the first right answer came. \`*\`: nobody was better, by more right answers, or by as many and a clearly lower p99 and longest wait. All figures, with wrong bytes, false 404s, the longest waits and the requests that the mirrors got: \`bench/results/${date}-faults.md\`, and as a picture beside it.`,
    markdownRows(shortRows(results)),
    ['In short:', '', ...summaryLines(results, standings)].join('\n'),
    '## How it was measured',
    conditions.map((condition) => `- ${escapeCell(condition)}`).join('\n'),
    `${escapeCell(subjectWords(results))}. ${whereAndWhen(results)} To measure again: \`npm run bench:faults\`. A better configuration of any of them is welcome.`,
  ];
}

/** A mean of nothing but right answers may be a hair below. */
const ALL_PERCENT = 99.95;

function summaryLines(results: FaultResults, standings: readonly RowStanding[]): string[] {
  return results.subjects.flatMap(({ name }) => {
    const rows = standings.flatMap(({ row, lines }) => {
      const line = lines.find(({ contestant }) => contestant === name);
      return line === undefined ? [] : [{ row, line }];
    });
    if (rows.length === 0) return [];
    const right = rows.filter(({ line }) => medianOf(line, 'rightPercent') >= ALL_PERCENT);
    const first = rows.filter(({ line }) => line.first);
    const wrong = rows.filter(({ line }) => medianOf(line, 'wrongPercent') > 0);
    const hidden = rows.filter(({ line }) => medianOf(line, 'falseNotFoundPercent') > 0);
    const words = [
      `all answers right in ${right.length} of ${rows.length} rows`,
      `nobody better in ${first.length}`,
      `wrong bytes in ${namesOf(wrong)}`,
      `404 for what is there in ${namesOf(hidden)}`,
    ];
    return [`- **${escapeCell(labelOf(results, name))}**: ${words.join('; ')}.`];
  });
}

function medianOf(line: FaultLine, measure: Parameters<FaultLine['summary']>[0]): number {
  return line.summary(measure)?.median ?? 0;
}

/** `none`, `2 (reset mid-body; 503)`, or a number alone where they are many. */
function namesOf(rows: readonly { readonly row: RowStanding['row'] }[]): string {
  if (rows.length === 0) return 'none';
  if (rows.length > 4) return `${rows.length}`;
  return `${rows.length} (${rows.map(({ row }) => escapeCell(row.what)).join('; ')})`;
}
