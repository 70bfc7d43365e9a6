import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const COUNT = z.number().nonnegative();

/** All that `rondo report --json` prints. */
const REPORT = z.strictObject({
  version: z.literal(1),
  period: z.strictObject({ sinceMs: COUNT, untilMs: COUNT }),
  mirrors: z.array(
    z.strictObject({
      mirror: z.string(),
      watchedMs: COUNT,
      uptime: z.number().min(0).max(1).optional(),
      downMs: COUNT,
      incidents: COUNT,
      longestIncidentMs: COUNT,
      answered: COUNT,
      failed: COUNT,
      probes: COUNT,
      probesFailed: COUNT,
      p50Ms: COUNT.optional(),
      p95Ms: COUNT.optional(),
      bytes: COUNT,
      worstLagMs: COUNT.optional(),
    }),
  ),
  incidents: z.array(
    z.strictObject({
      mirror: z.string(),
      startMs: COUNT,
      endMs: COUNT.optional(),
      cause: z.string(),
      why: z.string(),
    }),
  ),
  incidentsLeftOut: z.literal(0),
});

test('what a server has seen of its mirrors, in three formats, without a server', async (t) => {
  const { env, home } = await stranger(t);
  const dead = await reservePort();
  t.after(() => dead.release());
  const good = (await startMeasuredMirror(t)).url.origin;
  const bad = `http://127.0.0.1:${dead.port}`;
  const options = { env: { ...env, GOPROXY: `${bad},${good}`, RONDO_PROBE_INTERVAL: '100ms' }, cwd: home };

  const before = await runRondo(t, ['report'], options);
  assert.equal(before.code, 0);
  assert.equal(before.stdout, '');
  assert.match(
    before.stderr,
    /^rondo: nothing is recorded of the last 7 d yet: .* writes to .*history\.sqlite/,
  );

  const rondo = startRondo(t, ['serve', '--port', '0'], options);
  const [, port = ''] = await rondo.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  await rondo.written(/UNHEALTHY/);
  const synced = await fetch(`http://127.0.0.1:${port}/.well-known/go-proxy-sync`);
  const stamp = (await synced.json()) as { readonly last_synced_at: number };
  assert.ok(Math.abs(stamp.last_synced_at * 1000 - Date.now()) < 3_600_000, JSON.stringify(stamp));
  const early = await runRondo(t, ['report', '--json'], options);
  assert.equal(early.code, 0, early.stderr);
  REPORT.parse(JSON.parse(early.stdout));
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);

  const json = await runRondo(t, ['report', '--json'], options);
  assert.equal(json.code, 0, json.stderr);
  const { mirrors, incidents } = REPORT.parse(JSON.parse(json.stdout));
  const [first, second] = mirrors;
  assert.deepEqual([first?.incidents, first?.uptime, first?.probesFailed], [0, 1, 0]);
  assert.ok((first?.probes ?? 0) > 0 && (first?.p95Ms ?? 0) > 0);
  assert.deepEqual([second?.incidents, second?.p50Ms], [1, undefined]);
  assert.ok((second?.uptime ?? 1) < 1);
  assert.deepEqual(
    incidents.map(({ mirror, cause, endMs }) => [mirror, cause, endMs !== undefined]),
    [[second?.mirror, 'connect-refused', true]],
  );

  const table = await runRondo(t, ['report', '--since', '1h'], options);
  assert.match(
    table.stdout,
    /^MIRROR +UPTIME +P50 +P95 +INCIDENTS [^]*100%[^]*\n\nINCIDENT BEGAN [^]*connect-refused/,
  );
  const html = await runRondo(t, ['report', '--format', 'html', '--lang', 'zh'], options);
  assert.match(
    html.stdout,
    /^<!doctype html>\n<html lang="zh-CN">[^]*<h1>Rondo：镜像服务水平<\/h1>[^]*<svg [^]*connect-refused/,
  );
  assert.match(html.stdout, /<td class="long">连接被拒绝/);
  const chinese = await runRondo(t, ['report', '--lang', 'zh'], options);
  assert.match(chinese.stdout, /connect-refused\n +连接被拒绝/);
  // It needs nothing but itself.
  assert.doesNotMatch(html.stdout, /<script|<link|src=|url\(|href=/);
});
