import type { Incident } from '../history/incidents.ts';
import type { Period } from '../history/period.ts';
import type { Series } from '../history/series.ts';
import type { ServiceLevel } from '../history/service-levels.ts';

/** `GET /-/api/status`, and the event of that name. */
export type StatusAnswer = {
  readonly version: 1;
  /** The version of Rondo. */
  readonly rondo: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly offline: boolean;
  /** Where it listens, with the base path and without a slash at its end. */
  readonly url: string;
  /** What follows this Rondo in a GOPROXY that uses it: `,direct`, `|direct`, `,off` or nothing. */
  readonly chainEnd: string;
  /** Since it was started. */
  readonly totals: Totals;
  readonly copy: {
    readonly files: number;
    readonly bytes: number;
    readonly maxBytes?: number | undefined;
    /** Whether new files are kept. */
    readonly keeping: boolean;
  };
  /** How many files are being fetched. */
  readonly flights: number;
  readonly historyKept: boolean;
};

/** What was asked for and what it came to, of files of modules and databases. */
export type Totals = {
  readonly requests: number;
  /** From the copy alone: fresh, old, or because it is offline. */
  readonly hits: number;
  readonly misses: number;
  /** Those of the hits that were old. */
  readonly stale: number;
  readonly failed: number;
  readonly bytesOut: number;
  readonly bytesUpstream: number;
};

/** `GET /-/api/mirrors`, the answer to an order, and the event of that name. */
export type MirrorsAnswer = {
  readonly version: 1;
  readonly offline: boolean;
  /** Where the chain came from, for people. */
  readonly origin: string;
  readonly mirrors: readonly MirrorShown[];
};

/** One mirror (mirrors/mirror-view.ts). */
export type MirrorShown = {
  readonly name: string;
  readonly url: string;
  readonly tier: number;
  readonly match: string;
  /** `HEALTHY`, `UNHEALTHY`, `COOLING`, `QUARANTINED`, `TRIAL`, `OUTAGE`, `DRAINED`. */
  readonly status: string;
  readonly why: string;
  readonly eligible: boolean;
  /** Whether it works; absent for one that is left out for good. */
  readonly up?: boolean | undefined;
  readonly forMs: number;
  readonly gate: string;
  readonly next: { readonly words: string; readonly inMs?: number | undefined };
  readonly lastFailure?: MirrorFailure | undefined;
  readonly baseWeight: number;
  readonly configuredWeight: number;
  readonly score: number;
  readonly speed: { readonly small: number; readonly zip: number };
  readonly weight: number;
  readonly firstByte?:
    | { readonly p50Ms: number; readonly p95Ms: number; readonly samples: number }
    | undefined;
  readonly bytesPerS?: number | undefined;
  readonly syncLagMs?: number | undefined;
  /** Until when the certificate that its last health check met is valid; absent without one. */
  readonly certificateUntilMs?: number | undefined;
  readonly inFlight: number;
  readonly waiting: number;
  readonly slots: number;
  readonly connectionsOpen: number;
  readonly connectionsOpened: number;
};

/** The last failure of a mirror, for people. */
export type MirrorFailure = {
  readonly agoMs: number;
  readonly cause: string;
  readonly detail: string;
  readonly explanation: {
    readonly words: string;
    readonly whoMends: string;
    readonly likelyOverMs?: number | undefined;
  };
};

/** `POST /-/api/mirrors/:name`; what is absent stays as it is. */
export type MirrorOrderBody = {
  readonly weight?: number | 'configured' | undefined;
  /** A duration, `0s` to end it, or `on` until further notice. */
  readonly drain?: string | undefined;
};

/** `GET /-/api/flights`, and the event of that name. */
export type FlightsAnswer = { readonly version: 1; readonly flights: readonly FlightShown[] };

/** One file that is being fetched. */
export type FlightShown = {
  readonly key: string;
  readonly module?: string | undefined;
  readonly fileVersion?: string | undefined;
  readonly kind: string;
  /** Who gives it; absent until somebody does. */
  readonly mirror?: string | undefined;
  readonly receivedBytes: number;
  readonly totalBytes?: number | undefined;
  readonly startedAtMs: number;
  /** How many clients read it. */
  readonly waiting: number;
};

/** `GET /-/api/modules?search=&limit=50&after=`. */
export type ModulesAnswer = {
  readonly version: 1;
  readonly modules: readonly ModuleShown[];
  /** `after` of the next page; absent where this is the last. */
  readonly next?: string | undefined;
};

/** One module of the copy. */
export type ModuleShown = {
  readonly module: string;
  readonly versions: number;
  readonly bytes: number;
  readonly lastUsedMs?: number | undefined;
};

/** `GET /-/api/modules/versions?module=M`. */
export type VersionsAnswer = {
  readonly version: 1;
  readonly module: string;
  /** The highest first. */
  readonly versions: readonly { readonly version: string; readonly files: readonly FileShown[] }[];
};

/** One file of a version. */
export type FileShown = {
  readonly kind: 'info' | 'mod' | 'zip';
  readonly bytes: number;
  /** `h1:…` */
  readonly hash?: string | undefined;
  readonly mirror?: string | undefined;
  readonly keptAtMs?: number | undefined;
  /** By what it was checked (store.ts, Provenance). */
  readonly verified?: 'database' | 'first-use' | 'none' | undefined;
};

/** `POST /-/api/purge`: a module, or one version of it, with the mirrors' answers about it. */
export type PurgeBody = { readonly module: string; readonly version?: string | undefined };

/** How many files and answers were removed, and the bytes of the files. */
export type PurgeAnswer = { readonly version: 1; readonly removed: number; readonly bytes: number };

/** `GET /-/api/history?since=7d&parts=168`: `rondo report --json` with the series of its charts. */
export type HistoryAnswer = {
  readonly version: 1;
  readonly period: Period;
  readonly mirrors: readonly ServiceLevel[];
  /** The newest 1000, the newest first. */
  readonly incidents: readonly Incident[];
  /** So many older ones are not among them; they count in the mirrors' sums. */
  readonly incidentsLeftOut: number;
  readonly series: readonly Series[];
};

/** `GET /-/api/config`: as `rondo config show`, flat; null where a key is unset. Secrets are not in it. */
export type ConfigAnswer = {
  readonly version: 1;
  /** The files that were read, nearest first. */
  readonly files: readonly string[];
  readonly values: readonly {
    readonly key: string;
    readonly value: string | null;
    /** Where it came from, in the language that is asked for. */
    readonly origin: string;
    /** Nobody has set it. */
    readonly isDefault: boolean;
  }[];
};

/** `POST /-/api/doctor`: what a running server knows of what is not well, in the language that is asked for. */
export type DoctorAnswer = { readonly version: 1; readonly findings: readonly FindingShown[] };

/** One finding (doctor/finding.ts). */
export type FindingShown = {
  readonly id: string;
  readonly level: 'finding' | 'note';
  readonly what: string;
  readonly evidence: readonly string[];
  readonly fix?: string | undefined;
  /** Whether `fix` is to be run as it stands, or says what to do; present with it. */
  readonly fixKind?: 'command' | 'advice' | undefined;
};

/** `POST /-/api/reload`. */
export type ReloadShown = {
  readonly version: 1;
  readonly result: 'applied' | 'unchanged';
  readonly changed: readonly string[];
  readonly needsRestart: readonly string[];
  readonly warnings: readonly string[];
};

/** The event `incident`: it has begun, or ended where `endMs` is there. */
export type IncidentEvent = { readonly version: 1; readonly incident: Incident };

/** The event `notice`. */
export type NoticeEvent = {
  readonly version: 1;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly atMs: number;
};

/** Every error of the API, as `application/problem+json` (RFC 9457). */
export type ProblemAnswer = {
  readonly title: string;
  readonly status: number;
  /** Of Rondo's codes, where it has one. */
  readonly code?: string | undefined;
  readonly message: string;
  readonly details?: readonly string[] | undefined;
  readonly hint?: string | undefined;
};
