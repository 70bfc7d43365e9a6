import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { VirtualClock } from '../support/virtual-clock.ts';
import type { Cause, Outcome } from '../../src/balance/outcome.ts';
import { createBus } from '../../src/events/bus.ts';
import type { GateStatus } from '../../src/events/events.ts';
import { openHistoryDatabase, type HistoryDatabase } from '../../src/history/history-database.ts';
import { createHistoryFile, historyPath } from '../../src/history/history-file.ts';
import type { Minute } from '../../src/history/minute.ts';
import type { Watched } from '../../src/history/counting.ts';
import { createRecorder, type Recorder } from '../../src/history/recorder.ts';
import type { Period } from '../../src/history/service-levels.ts';

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
  read(): Promise<HistoryDatabase>;
};

/** A folder, a clock that stands still, and three mirrors. */
export async function desk(t: TestContext): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'rondo-test-history-'));
  t.after(() => rm(dir, { recursive: true }));
  const clock = new VirtualClock();
  const bus = createBus(assert.ifError);
  const path = historyPath(dir);
  const told: string[] = [];
  const mirrors: Watched[] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  bus.subscribe((event) => event.type === 'notice' && told.push(event.message));
  return {
    clock,
    path,
    startMs: clock.wallMs(),
    told,
    mirrors,
    recorder: () => {
      const file = createHistoryFile(path, clock, bus.emit);
      return createRecorder({
        subscribe: (sink) => bus.subscribe(sink),
        file,
        mirrors: () => mirrors,
        keptMs: 90 * 24 * 3_600_000,
        clock,
      });
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
    gate: (mirror, to) => bus.emit({ type: 'gate', mirror, from: 'HEALTHY', to, why: `now ${to}` }),
    read: () => openHistoryDatabase(path, 'read'),
  };
}

/** The minutes that are written down. */
export async function rows(read: Desk['read'], period: Period): Promise<Minute[]> {
  const database = await read().catch(() => undefined);
  const found = [...(database?.minutes(period) ?? [])];
  database?.close();
  return found;
}
