import type { RondoEvent } from '../events/events.ts';
import { formatSize } from '../kit/size.ts';

/** What `exec` tells at its end; plain data, made from events. */
export type ExecSummary = {
  /** Requests of the GOPROXY and checksum-database protocols; Rondo's own pages do not count. */
  readonly requests: number;
  /** Answered without a mirror. */
  readonly fromCopy: number;
  /** Answered by a mirror, by its name; who shared somebody else's fetch counts too. */
  readonly fromMirrors: ReadonlyMap<string, number>;
  /** Nobody has it, or every mirror refused it: the go command asks for many things that are not there. */
  readonly notThere: number;
  /** Answered with 5xx, or cut because the answer was not right. */
  readonly failed: number;
  readonly failedOver: number;
  readonly resumed: number;
  /** Complete files that contradicted the checksum database, and were refused. */
  readonly wrong: number;
  /** Times at which the checksum database itself was in doubt. */
  readonly caught: number;
  /** Body bytes sent to the command. */
  readonly servedBytes: number;
};

/** Nothing has happened yet. */
export const EMPTY_SUMMARY: ExecSummary = {
  requests: 0,
  fromCopy: 0,
  fromMirrors: new Map(),
  notThere: 0,
  failed: 0,
  failedOver: 0,
  resumed: 0,
  wrong: 0,
  caught: 0,
  servedBytes: 0,
};

/** The summary after one more event. Pure. */
export function addToSummary(summary: ExecSummary, event: RondoEvent): ExecSummary {
  switch (event.type) {
    case 'request':
      return event.kind === 'other' ? summary : addRequest(summary, event);
    case 'failover':
      return { ...summary, failedOver: summary.failedOver + 1 };
    case 'flight':
      return { ...summary, resumed: summary.resumed + event.resumed };
    case 'integrity':
      return { ...summary, wrong: summary.wrong + 1 };
    case 'security':
      return { ...summary, caught: summary.caught + 1 };
    case 'visit':
    case 'hedge':
    case 'race':
    case 'gate':
    case 'eviction':
    case 'index':
    case 'reload':
    case 'notice':
      return summary;
  }
}

function addRequest(summary: ExecSummary, event: Extract<RondoEvent, { type: 'request' }>): ExecSummary {
  const counted = {
    ...summary,
    requests: summary.requests + 1,
    servedBytes: summary.servedBytes + event.bytes,
  };
  // A client that left while all was well has got what it wanted: go cancels zips that it no longer needs.
  if (event.status >= 500 || (event.aborted && event.error !== undefined)) {
    return { ...counted, failed: counted.failed + 1 };
  }
  // It left before it knew: go stops asking for what it has elsewhere, or is stopped itself.
  if (event.aborted && event.status >= 400) return counted;
  if (event.status >= 400) return { ...counted, notThere: counted.notThere + 1 };
  const fetched = event.cache === 'miss' || event.cache === 'coalesced';
  if (!fetched || event.mirror === undefined) return { ...counted, fromCopy: counted.fromCopy + 1 };
  const count = (counted.fromMirrors.get(event.mirror) ?? 0) + 1;
  return { ...counted, fromMirrors: new Map(counted.fromMirrors).set(event.mirror, count) };
}

/**
 * The summary in one line: `rondo: 214 requests, 180 from the copy, 34 from goproxy.cn (30), goproxy.io (4);
 * 1 failed over, 1 resumed; 12.3 MiB`. What did not happen is left out.
 */
export function formatSummary(summary: ExecSummary): string {
  const mirrors = [...summary.fromMirrors].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const fetched = mirrors.reduce((sum, [, count]) => sum + count, 0);
  const names = mirrors.map(([name, count]) => (mirrors.length > 1 ? `${name} (${count})` : name)).join(', ');
  const answers = [
    summary.requests === 1 ? '1 request' : `${summary.requests} requests`,
    summary.fromCopy > 0 && `${summary.fromCopy} from the copy`,
    fetched > 0 && `${fetched} from ${names}`,
    summary.notThere > 0 && `${summary.notThere} not there`,
    summary.failed > 0 && `${summary.failed} failed`,
  ];
  const troubles = [
    summary.failedOver > 0 && `${summary.failedOver} failed over`,
    summary.resumed > 0 && `${summary.resumed} resumed`,
    summary.wrong > 0 && `${summary.wrong} wrong and refused`,
    summary.caught > 0 && 'THE CHECKSUM DATABASE IS IN DOUBT',
  ];
  const parts = [join(answers), join(troubles), formatSize(summary.servedBytes)];
  return `rondo: ${parts.filter((part) => part !== '').join('; ')}`;
}

function join(words: readonly (string | false)[]): string {
  return words.filter((word) => word !== false).join(', ');
}
