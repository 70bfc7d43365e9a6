import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { standardWorld } from '../support/fixture-world.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { createMirrorServer } from '../support/mirror-server.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { testWith } from '../support/requirements.ts';
import { testApp } from '../support/test-app.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const DEPLOY = join(import.meta.dirname, '..', '..', 'deploy');
/** Labels that Prometheus itself gives, and those of a histogram's and of its own series. */
const GIVEN = new Set(['instance', 'job', 'le']);

/** /metrics of a Rondo that has seen all that there are metrics of. */
async function scrape(context: TestContext): Promise<string> {
  const t = reverseCleanup(context);
  const world = await standardWorld();
  const [mirror, other] = await Promise.all([createMirrorServer(world), createMirrorServer(world)]);
  t.after(async () => void (await Promise.all([mirror.stop(), other.stop()])));
  const env = {
    GOPROXY: `${mirror.url},${other.url}`,
    GOSUMDB: 'off',
    RONDO_PROBE_CANARY: 'example.com/leaf',
    RONDO_PROBE_CANARY_INTERVAL: '100ms',
  };
  const app = await testApp(t, { env: () => env });
  const { url } = await app.listen('127.0.0.1', 0);
  assert.equal((await fetchRaw(`${url}/example.com/leaf/@v/v1.0.0.zip`)).status, 200);
  const between = { from: 'a', to: 'b', kind: 'zip' } as const;
  app.bus.emit({ type: 'failover', ...between });
  app.bus.emit({ type: 'hedge', ...between, won: true });
  app.bus.emit({ type: 'race', ...between, won: true });
  app.bus.emit({ type: 'integrity', module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'a', why: 'w' });
  app.bus.emit({ type: 'security', database: 'd', kind: 'fork', message: 'm' });
  app.bus.emit({
    type: 'visit',
    mirror: 'a',
    kind: 'zip',
    probe: false,
    revisit: false,
    outcome: { class: 'neutral', cause: 'superseded', detail: 'd' },
    durationMs: 1,
    bytes: 1,
  });
  const page = async (): Promise<string> => (await fetchRaw(`${url}/metrics`)).body.toString();
  await until('who lags is known, and how large the copy is', async () => {
    const text = await page();
    return text.includes('\nrondo_mirror_sync_lag_seconds{') && text.includes('\nrondo_store_bytes{');
  });
  return page();
}

/** The labels that samples have, by the name of the metric. */
function labelsOf(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of page.split('\n')) {
    const [, name, labels = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

/** What an expression asks of each metric that it names. */
function asked(expression: string): [metric: string, labels: string[]][] {
  const plain = expression.replaceAll(/"[^"]*"/g, '""');
  const grouped = [...plain.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(/, */),
  );
  return [...plain.matchAll(/\b((?:rondo|process|nodejs)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selector = '']) => {
      const selected = [...selector.matchAll(/([a-z_]+)(?:=|!)/g)].map(([, label = '']) => label);
      return [metric, [...selected, ...grouped].filter((label) => !GIVEN.has(label))];
    },
  );
}

async function expressions(): Promise<string[]> {
  const rules = await readFile(join(DEPLOY, 'prometheus', 'rondo.rules.yml'), 'utf8');
  const dashboard = JSON.parse(await readFile(join(DEPLOY, 'grafana', 'rondo.json'), 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const alerts = [...rules.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/g)].map(
    ([, block, line]) => block ?? line ?? '',
  );
  assert.ok(shown.length > 20 && alerts.length > 8);
  return [...shown, ...alerts];
}

test('every metric and label of the dashboard and the alerts is in a scrape', async (t) => {
  const found = labelsOf(await scrape(t));
  let seen = 0;
  for (const expression of await expressions()) {
    for (const [metric, labels] of asked(expression)) {
      const known = found.get(metric);
      assert.ok(known !== undefined, `nothing is called ${metric}: ${expression}`);
      for (const label of labels) assert.ok(known.has(label), `${metric} has no ${label}: ${expression}`);
      seen += 1;
    }
  }
  assert.ok(seen > 40);
});

await testWith(['promtool'], 'promtool finds nothing wrong with what is scraped', async (t) => {
  // What prom-client itself calls the process's metrics is as it is everywhere.
  const page = (await scrape(t)).split('\n').filter((line) => /^(?:# [A-Z]+ )?rondo_/.test(line));
  const tool = spawn('promtool', ['check', 'metrics'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal: t.signal,
  });
  const [said, [code]] = await Promise.all([
    text(tool.stderr),
    once(tool, 'close'),
    pipeline([`${page.join('\n')}\n`], tool.stdin),
  ]);
  assert.deepEqual([said, code], ['', 0]);
});

await testWith(['promtool'], 'the alert rules are right, and tell when they should', async () => {
  const cwd = join(DEPLOY, 'prometheus');
  await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd });
  const { stdout } = await run('promtool', ['check', 'rules', 'rondo.rules.yml'], { cwd });
  assert.match(stdout, /11 rules found/);
  await run('promtool', ['test', 'rules', 'rondo.rules.test.yml'], { cwd });
});
