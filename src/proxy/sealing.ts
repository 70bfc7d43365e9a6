import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { RondoError, saidBy } from '../errors/rondo-error.ts';
import type { Timer } from '../kit/clock.ts';
import type { DatabaseClient } from '../verify/database-client.ts';
import type { ProxyContext } from './context.ts';
import type { ProxySettings } from './settings.ts';

/** Keeps the copy of one database sealed, behind the requests. */
export type Sealing = {
  /** Something new was kept or served: it is sealed a little later, with what comes meanwhile. */
  soon(): void;
  /** Resolves when nothing is being sealed. */
  idle(): Promise<void>;
  /**
   * Nothing is sealed later any more; what is new is sealed now if the copy alone suffices, as it does after most
   * builds: a short-lived process has no later.
   */
  finish(): Promise<void>;
};

/** A build asks for hundreds of records in a few seconds. */
const AFTER_MS = 2000;
/** What cannot be sealed now is no more likely to be a second later. */
const AGAIN_MS = 60_000;

/** Seals through `client` while the mirrors may be asked; offline there is nothing to seal with. */
export function createSealing(
  client: DatabaseClient,
  {
    offline,
    clock,
    emit,
    signal,
  }: Pick<ProxyContext, 'clock' | 'emit' | 'signal'> & Pick<ProxySettings, 'offline'>,
): Sealing {
  const reach = { local: false, via: undefined } as const;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let stopped = offline;
  let told = false;

  const schedule = (delayMs: number): void => {
    if (stopped || timer !== undefined) return;
    timer = clock.after(delayMs, () => void run(), { background: true });
  };
  const seal = async (): Promise<void> => {
    try {
      if (await client.sealer.needsWalk()) await client.sealAll(reach, { rewrite: false });
      await client.sealer.seal(reach);
      told = false;
    } catch (error) {
      if (signal.aborted || stopped) return;
      // Told once: whoever wants to know more asks for the report.
      if (!told) {
        const values = { name: client.name, why: saidBy(error) };
        emit(notice('info', say('the records of {name} are not all sealed yet: {why}', values)));
      }
      told = true;
      if (error instanceof RondoError && error.code === 'E_CHECKSUM_FORK') stopped = true;
    }
  };
  const run = async (): Promise<void> => {
    timer = undefined;
    running ??= seal().finally(() => {
      running = undefined;
      if (client.sealer.isOpen()) schedule(told ? AGAIN_MS : AFTER_MS);
    });
    await running;
  };
  return {
    soon: () => schedule(AFTER_MS),
    idle: async () => running,
    async finish() {
      timer?.cancel();
      timer = undefined;
      if (stopped) return;
      stopped = true;
      await running;
      if (client.sealer.isOpen()) await client.sealer.seal({ local: true, via: undefined }).catch(ignore);
    },
  };
}

/** Whoever comes next finds in the seal that something is open. */
function ignore(): void {}
