import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '../history/incidents.ts';
import type { Report } from '../history/read-history.ts';
import type { Series } from '../history/series.ts';
import type { ServiceLevel } from '../history/service-levels.ts';
import { tableOf } from '../words/language.ts';
import { reportPage } from './report-page.ts';
import { incidentsTable } from './report-table.ts';

const HOUR = 3_600_000;
const PERIOD = { sinceMs: 1000 * HOUR, untilMs: 1010 * HOUR };
const HOSTILE = '"><script>alert(1)</script>';

function level(mirror: string, more: Partial<ServiceLevel> = {}): ServiceLevel {
  return {
    mirror,
    watchedMs: HOUR,
    uptime: 1,
    downMs: 0,
    incidents: 0,
    longestIncidentMs: 0,
    answered: 1,
    failed: 0,
    probes: 1,
    probesFailed: 0,
    bytes: 0,
    ...more,
  };
}

function series(mirror: string, times: readonly (number | undefined)[]): Series {
  const points = times.map((p95Ms, nth) => ({
    startMs: PERIOD.sinceMs + nth * HOUR,
    watchedMs: HOUR,
    answered: 1,
    failed: 0,
    ...(p95Ms === undefined ? {} : { p95Ms }),
  }));
  return { mirror, points };
}

function incident(mirror: string, why: string): Incident {
  return { mirror, startMs: 1002 * HOUR, cause: 'connect-refused', why };
}

const REFUSED = 'connection refused (ECONNREFUSED 127.0.0.1:1)';
const REPORT: Report = {
  version: 1,
  period: PERIOD,
  mirrors: [level('quick'), level('dead', { uptime: 0.2, incidents: 1 }), level(HOSTILE)],
  incidents: [incident('dead', REFUSED), incident(HOSTILE, HOSTILE)],
  incidentsLeftOut: 0,
};
const SERIES = [series('dead', [undefined, undefined]), series(HOSTILE, [0.2]), series('quick', [8, 31])];

test('of a mirror that never answered no time is told; the charts come in the order of the table', () => {
  const page = reportPage(REPORT, SERIES);
  const charts = [...page.matchAll(/<figcaption>(.*?) <span>(.*?)<\/span>/g)].map(([, name, most]) => [
    name,
    most,
  ]);
  assert.deepEqual(charts, [
    ['quick', 'up to 31 ms'],
    ['dead', 'no answer in this time'],
    ['&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;', 'up to 1 ms'],
  ]);
  assert.match(page, /aria-label="dead: no answer in this time; incidents: 1"/);
});

test('the evidence is told in the language of the page; what a mirror sent is text in every place', async () => {
  const table = await tableOf('zh');
  const page = reportPage(REPORT, SERIES, table);
  assert.match(page, /<td class="long">连接被拒绝（ECONNREFUSED 127\.0\.0\.1:1）<\/td>/);
  assert.doesNotMatch(page, /<script|alert\(1\)<\/script/);
  const lines = incidentsTable(REPORT, { width: 100, color: false, table });
  assert.ok(lines.includes('    连接被拒绝（ECONNREFUSED 127.0.0.1:1）'), lines.join('\n'));
  const english = incidentsTable(REPORT, { width: 100, color: false });
  assert.ok(english.includes(`    ${REFUSED}`));
});

test('of incidents that are left out it is said how many there are, in both languages', async () => {
  const table = await tableOf('zh');
  const report = { ...REPORT, incidentsLeftOut: 500 };
  assert.match(
    reportPage(report, SERIES),
    /The newest 2 incidents are shown here .* --json has the 500 older ones too\./,
  );
  assert.match(reportPage(report, SERIES, table), /显示最近 2 起故障；更早的 500 起/);
  assert.doesNotMatch(reportPage(REPORT, SERIES), /The newest/);
  const style = { width: 100, color: false };
  assert.equal(incidentsTable(report, style).at(-1), 'and 500 more; --json has them all');
  assert.equal(incidentsTable(report, { ...style, table }).at(-1), '另有 500 起；--json 列出全部');
});

test('an incident that lasts tells its cause, and for how long so far', () => {
  const style = { width: 100, color: false };
  const [head = '', open = ''] = incidentsTable(
    { ...REPORT, incidents: REPORT.incidents.slice(0, 1) },
    style,
  );
  assert.match(head, /LASTED +CAUSE$/);
  assert.match(open, / dead +8 h so far +connect-refused$/);
  const ended = { ...incident('dead', REFUSED), endMs: 1004 * HOUR };
  assert.match(
    incidentsTable({ ...REPORT, incidents: [ended] }, style)[1] ?? '',
    / dead +2 h +connect-refused$/,
  );
});

test('where nothing was recorded the page says so, without empty tables', () => {
  const page = reportPage({ ...REPORT, mirrors: [], incidents: [] }, []);
  assert.match(page, /<p>Nothing was recorded in this time\.<\/p>/);
  assert.doesNotMatch(page, /<table|<svg/);
});
