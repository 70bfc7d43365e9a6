import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { Clock, Timer } from '../kit/clock.ts';
import { createLookupLine } from './lookup-line.ts';
import type { Network } from './network.ts';

/** How the connections of one mirror find addresses. */
export type NameLookups = {
  /** For names that the user chose: the mirror's own, and a proxy's. */
  readonly chosen: LookupFunction;
  /** For names that the mirror chose, by a redirect: one at a time in the whole program (lookup-line.ts). */
  readonly redirected: LookupFunction;
};

/** A look-up that takes longer than this may be behind others: the addresses of the last one will do. */
const PATIENCE_MS = 300;
/** So long they are remembered, and of so many names. */
const REMEMBERED_MS = 600_000;
const MAX_REMEMBERED = 32;

/** The mirror has led to more names than are looked up in time. */
const TOO_MANY_NAMES = 'ERR_RONDO_REDIRECT_NAMES';
/** Another mirror has led to a name that takes long: no fault of who waits behind it. */
const BEHIND_OTHERS = 'ERR_RONDO_LOOKUP_LINE';

type Done = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
type Ask = (hostname: string, options: LookupOptions, done: Done) => void;

/**
 * Look-ups of one mirror. Who wants a name that is being looked up shares that; where it takes long, the addresses that
 * the name had lately are used, and what it brings is for the next. `waitMs`: how long a redirect's name may stand
 * in line. Errors are the resolver's, ERR_RONDO_REDIRECT_NAMES or ERR_RONDO_LOOKUP_LINE.
 */
export function createNameLookups(network: Network, clock: Clock, waitMs: number): NameLookups {
  const lately = createMemory(clock);
  const line = network.line ?? createLookupLine();
  const owner = {};

  const ask: Ask = (hostname, options, done) =>
    network.lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      lately.keep(hostname, addresses);
      done(null, addresses);
    });
  const askInLine: Ask = (hostname, options, done) => {
    let timer: Timer | undefined;
    let begun = false;
    const leave = line.join(owner, (over) => {
      begun = true;
      timer?.cancel();
      ask(hostname, options, (error, addresses) => {
        over();
        done(error, addresses);
      });
    });
    if (leave === undefined) return done(refusal(TOO_MANY_NAMES, hostname), []);
    if (begun) return;
    timer = clock.after(waitMs, () => {
      leave();
      done(refusal(line.isOf(owner) ? TOO_MANY_NAMES : BEHIND_OTHERS, hostname), []);
    });
  };
  const patient = (hostname: string, done: Done): Done => {
    const before = lately.of(hostname);
    if (before === undefined) return done;
    let isOver = false;
    const settle: Done = (error, addresses) => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      if (error?.code === TOO_MANY_NAMES) done(null, before);
      else done(error, addresses);
    };
    const timer = clock.after(PATIENCE_MS, () => settle(null, before));
    return settle;
  };
  return { chosen: sharing(ask, patient), redirected: sharing(askInLine, patient) };
}

/** `begin`, once for all who want the same name at the same time. */
function sharing(begin: Ask, patient: (hostname: string, done: Done) => Done): LookupFunction {
  const running = new Map<string, Set<Done>>();
  return (hostname, options, callback) => {
    const done = patient(hostname, (error, addresses) => answer(error, addresses, options, callback));
    const waiting = running.get(hostname);
    if (waiting !== undefined) {
      waiting.add(done);
      return;
    }
    const all = new Set([done]);
    running.set(hostname, all);
    begin(hostname, options, (error, addresses) => {
      running.delete(hostname);
      for (const each of all) each(error, addresses);
    });
  };
}

/** The addresses that names had lately. */
function createMemory(clock: Clock): {
  keep(hostname: string, addresses: LookupAddress[]): void;
  of(hostname: string): LookupAddress[] | undefined;
} {
  type Last = { readonly addresses: LookupAddress[]; readonly atMs: number };
  const known = new LRUCache<string, Last>({ max: MAX_REMEMBERED });
  return {
    keep: (hostname, addresses) => void known.set(hostname, { addresses, atMs: clock.now() }),
    of(hostname) {
      const last = known.get(hostname);
      return last === undefined || clock.now() - last.atMs > REMEMBERED_MS ? undefined : last.addresses;
    },
  };
}

function answer(
  error: NodeJS.ErrnoException | null,
  addresses: LookupAddress[],
  options: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses;
  if (error !== null || options.all === true || first === undefined) callback(error, addresses);
  else callback(null, first.address, first.family);
}

function refusal(code: string, hostname: string): Error {
  return Object.assign(new Error(`${hostname} is not looked up`), { code, hostname });
}
