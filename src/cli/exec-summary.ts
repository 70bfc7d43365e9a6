import type { ErrorCode } from '../errors/codes.ts';
import type { RondoEvent } from '../events/events.ts';
import { formatSize } from '../kit/size.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
  /** Requests that failed because no mirror could be had an answer of. */
  readonly unanswered: number;
  /** Files that were fetched before the command asked for them, or beside that. */
  readonly ahead: number;
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
  unanswered: 0,
  ahead: 0,
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
    case 'verdict':
    case 'hedge':
    case 'race':
    case 'gate':
    case 'eviction':
    case 'index':
    case 'reload':
    case 'limit':
    case 'alert':
    case 'delivery':
    case 'notice':
      return summary;
  }
}

const NO_ANSWER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_NO_MIRROR',
  'E_MIRROR_TIMEOUT',
  'E_NO_ELIGIBLE_MIRROR',
  'E_CHECKSUM_DB_UNREACHABLE',
]);

function addRequest(summary: ExecSummary, event: Extract<RondoEvent, { type: 'request' }>): ExecSummary {
  const counted = {
    ...summary,
    requests: summary.requests + 1,
    unanswered: summary.unanswered + (event.code !== undefined && NO_ANSWER.has(event.code) ? 1 : 0),
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
 * The summary in one line: `214 requests, 180 from the copy, 34 from goproxy.cn (30), goproxy.io (4);
 * 1 failed over, 1 resumed; 12.3 MiB`. What did not happen is left out.
 */
export function summaryText(summary: ExecSummary): Text {
  const { requests, fromCopy, notThere, failed, failedOver, resumed, wrong, caught } = summary;
  const mirrors = [...summary.fromMirrors].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const fetched = mirrors.reduce((sum, [, count]) => sum + count, 0);
  const names = mirrors.map(([name, count]) =>
    mirrors.length > 1 ? say('{name} ({count})', { name, count }) : name,
  );
  const answers = [
    many(requests, '{count} request', '{count} requests'),
    fromCopy > 0 ? say('{count} from the copy', { count: fromCopy }) : [],
    fetched > 0 ? say('{count} from {names}', { count: fetched, names: listed(names) }) : [],
    notThere > 0 ? say('{count} not there', { count: notThere }) : [],
    failed > 0 ? say('{count} failed', { count: failed }) : [],
  ].flat();
  const troubles = [
    failedOver > 0 ? say('{count} failed over', { count: failedOver }) : [],
    resumed > 0 ? say('{count} resumed', { count: resumed }) : [],
    wrong > 0 ? say('{count} wrong and refused', { count: wrong }) : [],
    caught > 0 ? say('THE CHECKSUM DATABASE IS IN DOUBT') : [],
  ].flat();
  const ahead = summary.ahead > 0 ? [fetchedAhead(summary.ahead)] : [];
  const parts = [answers, ahead, troubles].filter((part) => part.length > 0).map((part) => listed(part));
  return listed([...parts, formatSize(summary.servedBytes)], '; ');
}

function fetchedAhead(count: number): Text {
  return many(count, '{count} file fetched ahead', '{count} files fetched ahead');
}
