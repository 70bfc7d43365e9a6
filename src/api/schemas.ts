import * as z from 'zod';
import type * as answers from './answers.ts';

const AMOUNT = z.number().nonnegative();
const COUNT = z.number().int().nonnegative();
/** Unix milliseconds. */
const AT_MS = z.number();
const VERSION = z.literal(1);

/** As answers.ts says. */
export const STATUS: z.ZodType<answers.StatusAnswer> = z.object({
  version: VERSION,
  rondo: z.string(),
  startedAtMs: AT_MS,
  nowMs: AT_MS,
  offline: z.boolean(),
  url: z.string(),
  chainEnd: z.string(),
  totals: z.object({
    requests: COUNT,
    hits: COUNT,
    misses: COUNT,
    stale: COUNT,
    failed: COUNT,
    bytesOut: COUNT,
    bytesUpstream: COUNT,
  }),
  copy: z.object({ files: COUNT, bytes: COUNT, maxBytes: AMOUNT.optional(), keeping: z.boolean() }),
  flights: COUNT,
  historyKept: z.boolean(),
});

const MIRROR = z.object({
  name: z.string(),
  url: z.string(),
  tier: AMOUNT,
  match: z.string(),
  status: z.string(),
  why: z.string(),
  eligible: z.boolean(),
  up: z.boolean().optional(),
  forMs: AMOUNT,
  gate: z.string(),
  next: z.object({ words: z.string(), inMs: AMOUNT.optional() }),
  lastFailure: z
    .object({
      agoMs: AMOUNT,
      cause: z.string(),
      detail: z.string(),
      explanation: z.object({ words: z.string(), whoMends: z.string(), likelyOverMs: AMOUNT.optional() }),
    })
    .optional(),
  baseWeight: AMOUNT,
  configuredWeight: AMOUNT,
  score: AMOUNT,
  speed: z.object({ small: AMOUNT, zip: AMOUNT }),
  weight: AMOUNT,
  firstByte: z.object({ p50Ms: AMOUNT, p95Ms: AMOUNT, samples: AMOUNT }).optional(),
  bytesPerS: AMOUNT.optional(),
  syncLagMs: AMOUNT.optional(),
  certificateUntilMs: AT_MS.optional(),
  inFlight: AMOUNT,
  waiting: AMOUNT,
  slots: AMOUNT,
  connectionsOpen: AMOUNT,
  connectionsOpened: AMOUNT,
});

/** As answers.ts says. */
export const MIRRORS: z.ZodType<answers.MirrorsAnswer> = z.object({
  version: VERSION,
  offline: z.boolean(),
  origin: z.string(),
  mirrors: z.array(MIRROR).max(1000),
});

/** As answers.ts says. */
export const MIRROR_ORDER: z.ZodType<answers.MirrorOrderBody> = z.strictObject({
  weight: z.union([z.number().int().min(1).max(1000), z.literal('configured')]).optional(),
  drain: z.string().max(20).optional(),
});

/** As answers.ts says. */
export const FLIGHTS: z.ZodType<answers.FlightsAnswer> = z.object({
  version: VERSION,
  flights: z.array(
    z.object({
      key: z.string(),
      module: z.string().optional(),
      fileVersion: z.string().optional(),
      kind: z.string(),
      mirror: z.string().optional(),
      receivedBytes: COUNT,
      totalBytes: COUNT.optional(),
      startedAtMs: AT_MS,
      waiting: COUNT,
    }),
  ),
});

/** As answers.ts says. */
export const MODULES: z.ZodType<answers.ModulesAnswer> = z.object({
  version: VERSION,
  modules: z.array(
    z.object({ module: z.string(), versions: COUNT, bytes: COUNT, lastUsedMs: AT_MS.optional() }),
  ),
  next: z.string().optional(),
});

/** As answers.ts says. */
export const VERSIONS: z.ZodType<answers.VersionsAnswer> = z.object({
  version: VERSION,
  module: z.string(),
  versions: z.array(
    z.object({
      version: z.string(),
      files: z.array(
        z.object({
          kind: z.enum(['info', 'mod', 'zip']),
          bytes: COUNT,
          hash: z.string().optional(),
          mirror: z.string().optional(),
          keptAtMs: AT_MS.optional(),
          verified: z.enum(['database', 'first-use', 'none']).optional(),
        }),
      ),
    }),
  ),
});

/** As answers.ts says. */
export const PURGE_BODY: z.ZodType<answers.PurgeBody> = z.strictObject({
  module: z.string().min(1).max(2048),
  version: z.string().min(1).max(2048).optional(),
});

/** As answers.ts says. */
export const PURGE: z.ZodType<answers.PurgeAnswer> = z.object({
  version: VERSION,
  removed: COUNT,
  bytes: COUNT,
});

const INCIDENT = z.object({
  mirror: z.string(),
  startMs: AT_MS,
  endMs: AT_MS.optional(),
  cause: z.string(),
  why: z.string(),
});

/** As answers.ts says. */
export const HISTORY: z.ZodType<answers.HistoryAnswer> = z.object({
  version: VERSION,
  period: z.object({ sinceMs: AT_MS, untilMs: AT_MS }),
  mirrors: z.array(
    z.object({
      mirror: z.string(),
      watchedMs: AMOUNT,
      uptime: z.number().min(0).max(1).exactOptional(),
      downMs: AMOUNT,
      incidents: COUNT,
      longestIncidentMs: AMOUNT,
      answered: COUNT,
      failed: COUNT,
      probes: COUNT,
      probesFailed: COUNT,
      p50Ms: AMOUNT.exactOptional(),
      p95Ms: AMOUNT.exactOptional(),
      bytes: COUNT,
      worstLagMs: AMOUNT.exactOptional(),
    }),
  ),
  incidents: z.array(INCIDENT).describe('The newest 1000, the newest first'),
  incidentsLeftOut: COUNT.describe('Older ones that are not among them; the sums of the mirrors count all'),
  series: z.array(
    z.object({
      mirror: z.string(),
      points: z.array(
        z.object({
          startMs: AT_MS,
          watchedMs: AMOUNT,
          answered: COUNT,
          failed: COUNT,
          p95Ms: AMOUNT.exactOptional(),
        }),
      ),
    }),
  ),
});

/** As answers.ts says. */
export const CONFIG: z.ZodType<answers.ConfigAnswer> = z.object({
  version: VERSION,
  files: z.array(z.string()),
  values: z.array(
    z.object({
      key: z.string(),
      value: z.string().nullable(),
      origin: z.string(),
      isDefault: z.boolean(),
    }),
  ),
});

/** A body without anything in it. */
export const NOTHING: z.ZodType<object> = z.strictObject({});

/** As answers.ts says. */
export const DOCTOR: z.ZodType<answers.DoctorAnswer> = z.object({
  version: VERSION,
  findings: z.array(
    z.object({
      id: z.string(),
      level: z.enum(['finding', 'note']),
      what: z.string(),
      evidence: z.array(z.string()),
      fix: z.string().optional(),
      fixKind: z.enum(['command', 'advice']).optional(),
    }),
  ),
});

/** As answers.ts says. */
export const RELOAD: z.ZodType<answers.ReloadShown> = z.object({
  version: VERSION,
  result: z.enum(['applied', 'unchanged']),
  changed: z.array(z.string()),
  needsRestart: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** As answers.ts says. */
export const INCIDENT_EVENT: z.ZodType<answers.IncidentEvent> = z.object({
  version: VERSION,
  incident: INCIDENT,
});

/** As answers.ts says. */
export const NOTICE_EVENT: z.ZodType<answers.NoticeEvent> = z.object({
  version: VERSION,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  atMs: AT_MS,
});

/** As answers.ts says. */
export const PROBLEM: z.ZodType<answers.ProblemAnswer> = z.object({
  title: z.string(),
  status: z.number().int(),
  code: z.string().optional(),
  message: z.string(),
  details: z.array(z.string()).optional(),
  hint: z.string().optional(),
});
