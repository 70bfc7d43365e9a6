import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as z from 'zod';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const MS = z.number().nonnegative();
const EXPLANATION = z.strictObject({
  words: z.string(),
  whoMends: z.string(),
  likelyOverMs: MS.optional(),
});

const MIRROR = z.strictObject({
  name: z.string(),
  url: z.url(),
  tier: z.int(),
  match: z.string(),
  status: z.enum(['HEALTHY', 'TRIAL', 'UNHEALTHY', 'COOLING', 'QUARANTINED', 'OUTAGE', 'DRAINED']),
  why: z.string(),
  eligible: z.boolean(),
  up: z.boolean().optional(),
  forMs: MS,
  gate: z.enum(['closed', 'open', 'half-open']),
  next: z.strictObject({ words: z.string(), inMs: MS.optional() }),
  lastFailure: z
    .strictObject({ agoMs: MS, cause: z.string(), detail: z.string(), explanation: EXPLANATION })
    .optional(),
  baseWeight: z.number(),
  configuredWeight: z.number(),
  score: z.number(),
  speed: z.strictObject({ small: z.number(), zip: z.number() }),
  weight: z.number(),
  firstByte: z.strictObject({ p50Ms: MS, p95Ms: MS, samples: z.int() }).optional(),
  bytesPerS: MS.optional(),
  syncLagMs: MS.optional(),
  inFlight: z.int(),
  waiting: z.int(),
  slots: z.int(),
  connectionsOpen: z.int(),
  connectionsOpened: z.int(),
});

const MIRRORS = z.strictObject({
  version: z.literal(1),
  offline: z.boolean().optional(),
  source: z.strictObject({ kind: z.enum(['server', 'probes']), url: z.url() }),
  origin: z.string(),
  mirrors: z.array(MIRROR).nonempty(),
});

const OUTCOME = z.strictObject({
  class: z.enum(['ok', 'http', 'local', 'integrity', 'neutral', 'rate-limited']),
  cause: z.string(),
  detail: z.string(),
  status: z.int().optional(),
  retryAfterMs: MS.optional(),
});

const INIT = z.strictObject({
  version: z.literal(1),
  file: z.string(),
  kept: z.string().optional(),
  proxy: z.string(),
  origin: z.string(),
  mirrors: z.array(
    z.strictObject({
      name: z.string(),
      url: z.url(),
      ofChain: z.boolean(),
      written: z.boolean(),
      grade: z.enum(['works', 'reached', 'failed']),
      asked: z.int(),
      failures: z.int(),
      outcome: OUTCOME,
      explanation: EXPLANATION,
      trouble: OUTCOME.optional(),
      coldMs: MS.optional(),
      warmMs: MS.optional(),
      tls: z.strictObject({ protocol: z.string(), validUntilMs: z.number().optional() }).optional(),
      syncedAtMs: z.number().optional(),
    }),
  ),
});

const VALUES = z.record(z.string(), z.strictObject({ value: z.string().nullable(), origin: z.string() }));

const SHOW = z.strictObject({
  version: z.literal(1),
  files: z.array(z.string()),
  chain: z.strictObject({
    proxy: z.string().nullable(),
    origin: z.string(),
    trusted: z.boolean(),
    mirrors: z.array(
      z.strictObject({ name: z.string(), values: VALUES, credentials: z.string().nullable() }),
    ),
  }),
  values: VALUES,
  go: VALUES,
  network: VALUES,
  targets: z.record(z.string(), VALUES),
});

const CHECK = z.strictObject({
  version: z.literal(1),
  file: z.string(),
  ok: z.boolean(),
  problems: z.array(
    z.strictObject({ code: z.string().regex(/^E_/), message: z.string(), hint: z.string().nullable() }),
  ),
});

/** A user who speaks Chinese, with a mirror that works and one that is dead: what programs read is English all the same. */
async function user(t: TestContext) {
  const { env, home } = await stranger(t);
  const ports = [await reservePort(), await reservePort()];
  t.after(async () => ports.forEach((port) => port.release()));
  const good = (await startMeasuredMirror(t)).url.origin;
  const options = {
    env: { ...env, LANG: 'zh_CN.UTF-8', GOPROXY: `http://127.0.0.1:${ports[0]?.port},${good}` },
    cwd: home,
  };
  const json = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await runRondo(t, [...words, '--json'], options);
    // Nothing but ASCII: no sentence of another language is in it.
    assert.match(stdout, /^[\n -~]+$/);
    return JSON.parse(stdout);
  };
  return { home, options, json, free: String(ports[1]?.port) };
}

test('init --json', async (t) => {
  const { json } = await user(t);
  const first = INIT.parse(await json('init', '--yes', '--chain-only'));
  assert.deepEqual(first.mirrors.map(({ grade }) => grade).toSorted(), ['failed', 'works']);
  assert.ok(INIT.parse(await json('init', '--yes', '--chain-only', '--force')).kept !== undefined);
});

test('mirrors --json, from probes and from a server', async (t) => {
  const { json, free, options } = await user(t);
  const probed = MIRRORS.parse(await json('mirrors', '--port', free));
  assert.equal(probed.source.kind, 'probes');
  const rondo = startRondo(t, ['serve', '--port', free], options);
  await rondo.written(/GOPROXY=/);
  const served = MIRRORS.parse(await json('mirrors', '--port', free));
  assert.equal(served.source.kind, 'server');
  const name = served.mirrors[0]?.name ?? '';
  assert.equal(
    MIRRORS.parse(await json('mirrors', 'drain', name, '--port', free)).mirrors[0]?.status,
    'DRAINED',
  );
});

test('config show --json and config check --json', async (t) => {
  const { home, json } = await user(t);
  const shown = SHOW.parse(await json('config', 'show'));
  assert.deepEqual([shown.chain.mirrors.length, shown.chain.origin], [2, 'environment GOPROXY']);
  await writeFile(join(home, 'good'), 'proxy = https://a.example\n');
  assert.deepEqual(CHECK.parse(await json('config', 'check', 'good')).problems, []);
  await writeFile(join(home, 'bad'), 'proxi = https://a.example\n[cache]\nmax_size = large\n');
  const bad = CHECK.parse(await json('config', 'check', 'bad'));
  assert.deepEqual([bad.ok, bad.problems.length], [false, 2]);
});
