import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { tempFolder } from '../support/temp-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import type { Cause, Outcome } from '../../src/balance/outcome.ts';
import { createBus } from '../../src/events/bus.ts';
import type { GateStatus, RondoEvent } from '../../src/events/events.ts';
import { createHistoryFile, historyPath } from '../../src/history/history-file.ts';
import { openHistoryReader, type HistoryReader } from '../../src/history/history-reader.ts';
import { createIncidentBook } from '../../src/history/incident-book.ts';
import type { Incident } from '../../src/history/incidents.ts';
import type { Minute } from '../../src/history/minute.ts';
import type { Watched } from '../../src/history/counting.ts';
import type { Period } from '../../src/history/period.ts';
import { createRecorder, type Recorder } from '../../src/history/recorder.ts';

/** A recorder's surroundings, and what is told there. */
export type Desk = {
  readonly clock: VirtualClock;
  readonly path: string;
  readonly startMs: number;
  readonly told: string[];
  readonly mirrors: Watched[];
  readonly recorder: () => Recorder;
  visit(mirror: string, cause: Cause, firstByteMs?: number, probe?: boolean): void;
  gate(mirror: string, to: GateStatus): void;
  /** Another configuration is in use. */
  reloaded(): void;
  read(): Promise<HistoryReader>;
};

/** A folder, a clock that stands still, and three mirrors; with `path`, over the history of another desk. */
export async function desk(t: TestContext, path?: string): Promise<Desk> {
  return deskAt(path ?? historyPath(await tempFolder(t, 'history')));
}

function deskAt(path: string): Desk {
  const clock = new VirtualClock();
  const bus = createBus(assert.ifError);
  const told: string[] = [];
  const mirrors: Watched[] = ['a', 'b', 'c'].map((name) => ({ name, status: 'HEALTHY' }));
  bus.subscribe((event) => event.type === 'notice' && told.push(event.message));
  return {
    clock,
    path,
    startMs: clock.wallMs(),
    told,
    mirrors,
    recorder: () => {
      const subscribe = (sink: (event: RondoEvent) => void): (() => void) => bus.subscribe(sink);
      const common = { subscribe, mirrors: () => mirrors, clock };
      const incidents = createIncidentBook(common);
      const file = createHistoryFile(path, clock, bus.emit);
      return createRecorder({ ...common, incidents, file, keptMs: 90 * 24 * 3_600_000 });
    },
    visit(mirror, cause, firstByteMs, probe = true) {
      const outcome: Outcome = { class: cause === 'ok' ? 'ok' : 'http', cause, detail: '' };
      const timed = firstByteMs === undefined ? {} : { firstByteMs };
      bus.emit({
        type: 'visit',
        kind: 'mod',
        revisit: false,
        durationMs: 1,
        bytes: 10,
        mirror,
        probe,
        outcome,
        ...timed,
      });
    },
    gate(mirror, to) {
      const index = mirrors.findIndex(({ name }) => name === mirror);
      const [was] = mirrors.slice(index, index + 1);
      mirrors[index] = { name: mirror, ...was, status: to };
      bus.emit({ type: 'gate', mirror, from: was?.status ?? 'HEALTHY', to, why: `now ${to}` });
    },
    reloaded: () => bus.emit({ type: 'reload', result: 'applied' }),
    read: () => openHistoryReader(path),
  };
}

/** More rows than any test has. */
export const ALL = 1_000_000;

/** The minutes that are written down. */
export async function rows(read: Desk['read'], period: Period): Promise<Minute[]> {
  const database = await read().catch(() => undefined);
  const found = database?.minutes(period, ALL) ?? [];
  database?.close();
  return found;
}

/** The incidents as they look at `nowMs`, the newest first. */
export async function incidentsAt(read: Desk['read'], nowMs: number, period: Period): Promise<Incident[]> {
  const database = await read();
  const found = [...database.incidents(period, nowMs, ALL)].flat();
  database.close();
  return found.toReversed();
}
