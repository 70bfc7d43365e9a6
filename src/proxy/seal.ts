import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { SealReport } from '../verify/seal-all.ts';
import { rememberSupport } from './database-support.ts';
import { createDatabases } from './databases.ts';
import { createFlights } from './flights.ts';
import type { ProxySettings } from './settings.ts';

export type { SealReport } from '../verify/seal-all.ts';

/**
 * Seals the checksum records of a copy without a server: one report a database of which the copy holds records or
 * a tree. Afterwards the folder itself is complete, for `GOPROXY=file://…` too: each record's file names the
 * sealed tree, the tiles have their exact widths, and `sumdb/<name>/supported` stands beside. With `settings.offline`
 * nothing is fetched, and the report says what is missing.
 * @throws RondoError E_CHECKSUM_FORK for a database that has contradicted itself, E_STORE.
 */
export async function seal(options: {
  readonly store: Store;
  readonly newSpool: () => Spool;
  readonly mirrors: Mirrors;
  readonly itself: ReadonlyMap<string, DatabaseItself>;
  readonly settings: ProxySettings;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}): Promise<SealReport[]> {
  const { store, settings, itself } = options;
  const { resumes, raceCheckMs } = settings;
  const flights = createFlights({ ...options, resumes, raceCheckMs });
  const context = { ...options, flights };
  const databases = createDatabases(context, itself);
  const reports: SealReport[] = [];
  try {
    for (const { name } of settings.databases) {
      const { client } = databases.of(name);
      const report = await client.sealAll({ local: settings.offline, via: undefined }, { rewrite: true });
      if (report.treeSize === undefined && report.unsealed.length === 0) continue;
      reports.push(report);
      if (report.sealed === 0) continue;
      await store.put(`sumdb/${name}/supported`, { bytes: Buffer.alloc(0) });
      await rememberSupport({ kind: 'sumdb-supported', db: name }, name, context);
    }
    return reports;
  } finally {
    await databases.close();
    await databases.idle();
    await flights.idle();
  }
}
