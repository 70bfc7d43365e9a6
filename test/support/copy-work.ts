import type { VersionFile } from '../../src/gomod/module-file.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { keepVersionFile } from '../../src/proxy/keep-version-file.ts';
import { createTrustedFiles } from '../../src/proxy/trusted-files.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { createSpool } from '../../src/store/spool.ts';
import type { CopyWork, Progress } from '../../src/upkeep/work.ts';
import { createVerifier } from '../../src/verify/content-verifier.ts';
import type { Expectation } from '../../src/verify/verifier.ts';
import type { FixtureModule } from './fixture-modules.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';

/** A copy on disk with a checksum database that is a list of modules; what is not in it, it does not know. */
export type WorkFixture = {
  readonly work: CopyWork;
  readonly dir: string;
  /** What was told of the progress so far. */
  readonly told: readonly Progress[];
  /** Has the next pieces of work end, as Ctrl-C does. */
  interrupt(): void;
  /** Puts a file into the copy as a flight would, found right by `verified`. */
  keep(module: FixtureModule, kind: VersionFile['kind'], verified: 'database' | 'first-use'): Promise<void>;
};

/** What a test varies. */
export type WorkOptions = {
  readonly known?: readonly FixtureModule[];
  /** The database cannot be reached. */
  readonly down?: boolean;
  readonly exempt?: (module: string) => boolean;
  readonly databases?: CopyWork['databases'];
};

/** Opens it; it ends with the test. */
export async function copyWork(t: Cleanup, options: WorkOptions = {}): Promise<WorkFixture> {
  const { known = [], down = false, exempt = () => false } = options;
  const dir = await tempFolder(t, 'work');
  const emit = (): void => undefined;
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit });
  const trusted = createTrustedFiles({ store, emit });
  const inner = createVerifier({
    readRecord: async () => ({ kind: 'unreachable', why: 'nobody answers' }),
    mode: 'required',
    exempt,
    firstUse: { get: (module, version) => trusted.hashes(module, version), set: async () => undefined },
    clock: systemClock,
    workers: 1,
  });
  t.after(async () => {
    await inner.close();
    await store.close();
  });
  const expect = async (path: string, version: string, signal: AbortSignal): Promise<Expectation> => {
    const found = known.find((module) => module.path === path && module.version === version);
    if (down || exempt(path)) return inner.expect(path, version, signal);
    if (found === undefined) return { kind: 'absent', words: 'not found: unknown revision' };
    return { kind: 'known', mod: found.modH1, zip: found.zipH1 };
  };
  const told: Progress[] = [];
  const stop = new AbortController();
  const work: CopyWork = {
    store,
    trusted,
    verifier: { ...inner, expect },
    newSpool: () => createSpool({ dir: diskStoreFolders(dir).spool }),
    databases: options.databases ?? [],
    clock: systemClock,
    emit,
    atOnce: 2,
    signal: stop.signal,
    onProgress: (progress) => void told.push(progress),
  };
  return {
    work,
    dir,
    told,
    interrupt: () => stop.abort(new Error('interrupted')),
    async keep(module, kind, verified) {
      const { path, version } = module;
      const file = { module: path, version, kind };
      const verdict = await inner.judge(file, { bytes: module[kind] }, { kind: 'exempt' });
      if (verdict.kind !== 'right') throw new Error(`a fixture is not right: ${verdict.why}`);
      const right = kind === 'info' ? verdict : { ...verdict, verified };
      await keepVersionFile(file, { bytes: module[kind] }, { right, mirror: 'a' }, trusted, work);
    },
  };
}
