import { tmpdir } from 'node:os';
import type { Config } from './config/config.ts';
import type { Emit } from './events/events.ts';
import { matchPrefixPatterns } from './gomod/path-patterns.ts';
import type { Clock } from './kit/clock.ts';
import type { DatabaseItself } from './mirrors/database-itself.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import { createProxy, type Proxy } from './proxy/proxy.ts';
import { proxySettings } from './settings-map.ts';
import { diskStoreFolders, type DiskStore } from './store/disk-store.ts';
import { createSpool } from './store/spool.ts';
import { createVerifier } from './verify/content-verifier.ts';

/** What the use cases take of their surroundings. */
export type ProxyOptions = { readonly config: Config; readonly clock: Clock; readonly offline: boolean };

/** The use cases over copy and mirrors, with the verifier that reads the checksum database through them. */
export function openProxy(
  { config, clock, offline }: ProxyOptions,
  store: DiskStore,
  mirrors: Mirrors,
  itself: ReadonlyMap<string, DatabaseItself>,
  emit: Emit,
): Proxy {
  const folders = diskStoreFolders(config.cache.dir);
  return createProxy({
    store,
    newSpool: () => createSpool({ dir: folders.spool, fallbackDir: tmpdir() }),
    mirrors,
    itself,
    openVerifier: ({ readRecord, rules, keptHashes }) =>
      createVerifier({
        readRecord,
        get mode() {
          return rules().mode;
        },
        exempt(module) {
          const { exemptAll, exemptPatterns } = rules();
          return exemptAll || matchPrefixPatterns(exemptPatterns, module);
        },
        // The hash is written down with the file, as its provenance.
        firstUse: { get: keptHashes, set: () => Promise.resolve() },
        clock,
      }),
    settings: proxySettings(config, offline),
    requested: (key) => store.index.touch(key, clock.wallMs()),
    clock,
    emit,
  });
}
