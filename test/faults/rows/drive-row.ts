import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mirror } from '../../support/mirror-server.ts';
import { askFile } from './ask-file.ts';
import { figuresOf, type Answered, type Figures } from './figures.ts';
import { fileOf, type RowWorld } from './row-world.ts';
import { quickened, type Load, type Row, type Turn } from './row.ts';

/** A proxy that runs, in front of three mirrors of which the first is the bad one. */
export type Subject = {
  /** Without a trailing slash. */
  readonly url: string;
  readonly mirrors: readonly Mirror[];
  readonly world: RowWorld;
};

/** What a row came to at a subject. */
export type Driven = { readonly figures: Figures; readonly answers: readonly Answered[] };

/** So long does a client wait, and so much later is a mirror that came back well again. */
const PATIENCE_MS = 100_000;
const RECOVERY_MS = 5000;
/** However the times are divided, a machine must get to it. */
const LEAST_PATIENCE_MS = 30_000;

/**
 * Runs the load of `row` against a subject that answers and whose mirrors are good; their faults are forgotten first
 * and those of the row's end are left. All times are divided by `divisor`, and so must those of the subject be.
 */
export async function driveRow(row: Row, { url, mirrors, world }: Subject, divisor = 1): Promise<Driven> {
  const { load, turns } = quickened(row, divisor);
  for (const mirror of mirrors) await mirror.clearFaults();
  for (const turn of turns) if (turn.atMs === 0) await take(turn, mirrors);
  for (const mirror of mirrors) await mirror.resetLog();

  const agent = new Agent({ keepAlive: true });
  const startMs = performance.now();
  const now = (): number => performance.now() - startMs;
  const until = async (atMs: number): Promise<void> => await sleep(Math.max(0, atMs - now()));
  // Those of one moment too: a fault set before the others are cleared would go with them.
  const takeInOrder = async (): Promise<number | undefined> => {
    let lastMs: number | undefined;
    for (const turn of turns.filter(({ atMs }) => atMs > 0)) {
      await until(turn.atMs);
      await take(turn, mirrors);
      lastMs = now();
    }
    return lastMs;
  };
  const asking = { agent, patienceMs: Math.max(LEAST_PATIENCE_MS, PATIENCE_MS / divisor), now };
  const turned = takeInOrder();
  const answers = await Promise.all(
    dueTimes(load).map(async (dueMs, index) => {
      await until(dueMs);
      return askFile(url, fileOf(index, load.files, world), dueMs, asking);
    }),
  );
  const goodAtMs = await turned;
  agent.destroy();
  const recovers = row.sees === 'right-or-failure' && goodAtMs !== undefined;
  const attempts = await attemptsAt(mirrors);
  return {
    answers,
    figures: figuresOf(
      answers,
      attempts,
      recovers ? { goodAtMs, withinMs: RECOVERY_MS / divisor } : undefined,
    ),
  };
}

/** When each request of a load is due, in milliseconds after its beginning. */
function dueTimes({ rate }: Load): number[] {
  if (rate.kind === 'burst') return Array.from({ length: rate.requests }, () => 0);
  const { perSecond, forMs } = rate;
  return Array.from({ length: Math.floor((perSecond * forMs) / 1000) }, (_, n) => (n * 1000) / perSecond);
}

async function take({ mirrors: which, change }: Turn, mirrors: readonly Mirror[]): Promise<void> {
  const [bad, ...others] = mirrors;
  const chosen = which === 'all' ? mirrors : which === 'others' ? others : bad === undefined ? [] : [bad];
  await Promise.all(
    chosen.map((mirror) =>
      change === 'good' ? mirror.clearFaults() : mirror.setFault(change.fault, change.scope),
    ),
  );
}

/**
 * What the load has made of the mirrors: requests for files, without health checks, canaries and the checksum database.
 * A mirror that refuses connections does not hear of those that it refused.
 */
export async function attemptsAt(mirrors: readonly Mirror[]): Promise<number> {
  const logs = await Promise.all(mirrors.map((mirror) => mirror.requests()));
  return logs.flat().filter(({ path }) => path.startsWith('/example.com/')).length;
}
