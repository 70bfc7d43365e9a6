import { createProxy, type Proxy } from '../../src/proxy/proxy.ts';
import type { RemoteFile } from '../../src/gomod/module-file.ts';
import type { Reply } from '../../src/proxy/reply.ts';
import type { ProxySettings } from '../../src/proxy/settings.ts';
import type { ClientRequest } from '../../src/proxy/request.ts';
import { RondoError } from '../../src/errors/rondo-error.ts';
import type { RondoEvent } from '../../src/events/events.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { createSpool } from '../../src/store/spool.ts';
import type { Store } from '../../src/store/store.ts';
import { createVerifier } from '../../src/verify/content-verifier.ts';
import type { DatabaseItself } from '../../src/mirrors/database-itself.ts';
import type { MirrorView } from '../../src/mirrors/mirror-view.ts';
import type { Verifier } from '../../src/verify/verifier.ts';
import { ChecksumDatabase } from './checksum-database.ts';
import { scriptedMirrors, type ScriptedMirror, type ScriptedMirrors } from './scripted-mirrors.ts';
import type { ScriptedUpstream } from './scripted-upstream.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

/** The defaults of the use cases. */
export const PROXY_DEFAULTS: ProxySettings = {
  holdMs: 5000,
  resumes: 3,
  deadlineMs: 90_000,
  raceCheckMs: 250,
  freshTtlMs: 60_000,
  refreshWaitMs: 1000,
  staleMaxQueryMs: 24 * 3_600_000,
  negativeTtlMs: 600_000,
  listHoldMs: 600_000,
  early: { atOnce: 0, perMinute: 0 },
  offline: false,
  verify: { mode: 'required', exemptAll: false, exemptPatterns: '' },
  direct: true,
  databases: [{ name: 'sum.rondo.test', key: new ChecksumDatabase('sum.rondo.test').key }],
  verifyDatabase: 'sum.rondo.test',
  privatePatterns: '',
  keepsUnproven: true,
};

/** What a client got: one line for comparing. */
export type Got = { readonly said: string; readonly cache?: string; readonly maxAgeS?: number | 'immutable' };

/** The use cases over scripted mirrors and a copy in memory, in virtual time. */
export type ScriptedProxy = {
  readonly proxy: Proxy;
  readonly store: Store;
  readonly clock: VirtualClock;
  /** The keys of all requests that the copy answered. */
  readonly requested: readonly string[];
  readonly upstreams: Record<string, ScriptedUpstream>;
  /** Everything that the proxy and its mirrors told. */
  readonly events: readonly RondoEvent[];
  views(): MirrorView[];
  /** Goes on with these mirrors, as after a reload. */
  readonly replace: ScriptedMirrors['replace'];
  /** Asks and lets time pass until the answer is there, at most 100 s. Errors are said as their code. */
  ask(file: RemoteFile, request?: Partial<ClientRequest>): Promise<Got>;
};

/** Everything is right to this verifier: content has tests of its own. */
const TRUSTING: Verifier = {
  expect: () => Promise.resolve({ kind: 'exempt' }),
  judge: () => Promise.resolve({ kind: 'right', verified: 'none' }),
  load: () => ({ waiting: 0, running: 0 }),
  close: () => Promise.resolve(),
};

/** What may be different from the usual. */
type Changes = {
  readonly settings?: Partial<ProxySettings>;
  readonly verifier?: Verifier | 'real';
  /** As after a restart: with the copy and the clock of an earlier one. */
  readonly before?: ScriptedProxy;
  readonly itself?: Readonly<Record<string, DatabaseItself>>;
  /** Another copy than the one in memory that it is given. */
  readonly store?: (memory: Store) => Store;
};

/** Builds it. */
export function scriptedProxy(
  dir: string,
  scripts: Readonly<Record<string, ScriptedMirror>>,
  more: Changes = {},
): ScriptedProxy {
  const clock = more.before?.clock ?? new VirtualClock();
  const memory = more.before?.store ?? createMemoryStore(clock);
  const store = more.store?.(memory) ?? memory;
  const requested: string[] = [];
  const { mirrors, upstreams, events, replace } = scriptedMirrors(clock, scripts);
  const proxy = createProxy({
    store,
    newSpool: () => createSpool({ dir }),
    mirrors,
    itself: new Map(Object.entries(more.itself ?? {})),
    openVerifier: ({ readRecord, rules, keptHashes }) => {
      if (more.verifier !== 'real') return more.verifier ?? TRUSTING;
      const firstUse = { get: keptHashes, set: () => Promise.resolve() };
      return createVerifier({
        readRecord,
        get mode() {
          return rules().mode;
        },
        exempt: () => rules().exemptAll,
        firstUse,
        clock,
      });
    },
    settings: { ...PROXY_DEFAULTS, ...more.settings },
    requested: (key) => void requested.push(key),
    clock,
    emit: (event) => events.push(event),
  });
  const ask: ScriptedProxy['ask'] = async (file, request) => {
    let got: Got | undefined;
    const client = { headOnly: false, fetchAllowed: true, via: undefined, ...request };
    void Promise.resolve(proxy.answer(file, client))
      .then(gotOf, (error: unknown) => ({ said: error instanceof RondoError ? error.code : String(error) }))
      .then((value) => (got = value));
    for (let n = 0; n < 1000 && got === undefined; n += 1) await clock.advance(n === 0 ? 0 : 100);
    await settle();
    return got ?? { said: 'no answer' };
  };
  return { proxy, store, clock, requested, upstreams, events, ask, views: () => mirrors.views(), replace };
}

async function gotOf(reply: Reply): Promise<Got> {
  if (reply.kind === 'bytes') {
    return { said: Buffer.from(reply.bytes).toString('utf8'), cache: reply.cache, maxAgeS: reply.maxAgeS };
  }
  if (reply.kind === 'head') return { said: `head ${reply.contentLength}`, cache: reply.cache };
  const chunks: Buffer[] = [];
  for await (const chunk of reply.kind === 'stream' ? reply.body : reply.file.open())
    chunks.push(chunk as Buffer);
  return { said: Buffer.concat(chunks).toString('utf8'), cache: reply.cache };
}
