import type { GateStatus } from '../events/events.ts';
import { keyOf, type Condition } from './conditions.ts';

/** What is looked at. Times are milliseconds, sizes bytes. */
export type Readings = {
  readonly mirrors: readonly {
    readonly name: string;
    readonly status: GateStatus;
    /** It works, also where it is on trial because nobody asks it. */
    readonly up: boolean;
    readonly why: string;
    readonly syncLagMs?: number | undefined;
  }[];
  /** Of mirrors and of this server: whose it is, and until when it is valid, Unix time. */
  readonly certificates: readonly { readonly of: string; readonly validUntilMs: number }[];
  /** Where the copy is; absent where the system does not say. */
  readonly disk?:
    | { readonly folder: string; readonly freeBytes: number; readonly totalBytes: number }
    | undefined;
};

/** What is too much. */
export type AlertLimits = {
  readonly syncLagMs: number;
  readonly certificateMs: number;
  readonly diskShare: number;
};

/** What is known from before a look. */
export type Before = {
  /** Mirrors that were down at the last look: on trial they still are until they are up. */
  readonly wasDown: ReadonlySet<string>;
  /** Those of which people know it. */
  readonly toldDown: ReadonlySet<string>;
  /** What was told of content since. */
  readonly wrong: readonly Condition[];
};

/**
 * What of it is not as it ought to be. One condition a kind and subject; that this machine reaches nobody is one, and
 * none of any mirror. Pure.
 */
export function conditionsOf(
  { mirrors, certificates, disk }: Readings,
  before: Before,
  wallMs: number,
  limits: AlertLimits,
): Condition[] {
  const all = [
    ...outageOf(mirrors),
    ...mirrors.flatMap((mirror) => ofMirror(mirror, before, limits)),
    ...before.wrong,
    ...certificates.flatMap(({ of, validUntilMs }) => {
      const leftMs = validUntilMs - wallMs;
      if (leftMs >= limits.certificateMs) return [];
      const days = Math.floor(leftMs / 86_400_000);
      const words = leftMs <= 0 ? 'has expired' : `expires in ${days} d`;
      return condition('certificate', of, `the certificate of ${of} ${words}`);
    }),
    ...(disk !== undefined && disk.freeBytes < limits.diskShare * disk.totalBytes
      ? condition('disk', disk.folder, `the disk of ${disk.folder} is nearly full`)
      : []),
  ];
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

function ofMirror(
  { name, status, up, why, syncLagMs = 0 }: Readings['mirrors'][number],
  { wasDown, toldDown }: Before,
  limits: AlertLimits,
): Condition[] {
  // In an outage nothing is heard of it: it is over for people once it is well.
  const isTried = status === 'TRIAL' && !up;
  const isStillDown = (isTried && wasDown.has(name)) || (status === 'OUTAGE' && toldDown.has(name));
  const isDown = status === 'UNHEALTHY' || isStillDown;
  const lags = syncLagMs > limits.syncLagMs;
  return [
    isDown ? condition('mirror-down', name, `${name} is down: ${why}`) : [],
    status === 'QUARANTINED' ? condition('integrity', name, `${name} gave wrong content: ${why}`) : [],
    lags ? condition('sync-lag', name, `${name} is ${Math.round(syncLagMs / 60_000)} min behind`) : [],
  ].flat();
}

function outageOf(mirrors: Readings['mirrors']): Condition[] {
  const out = mirrors.find(({ status }) => status === 'OUTAGE');
  const why = `no mirror can be reached, so it is likely the network here: ${out?.why}`;
  return out === undefined ? [] : condition('outage', 'network', why);
}

function condition(kind: Condition['kind'], subject: string, message: string): Condition[] {
  return [{ kind, subject, message }];
}
