import assert from 'node:assert/strict';
import { RondoError } from '../../src/errors/rondo-error.ts';
import type { RondoEvent } from '../../src/events/events.ts';
import { Flight } from '../../src/proxy/flight.ts';
import type { FlightPlan } from '../../src/proxy/flight-plan.ts';
import type { Mirrors } from '../../src/mirrors/mirrors.ts';
import type { MirrorsSettings } from '../../src/mirrors/settings.ts';
import { createSpool, type Spool } from '../../src/store/spool.ts';
import type { AttemptRequest, RestRequest } from '../../src/upstream/attempt.ts';
import { scriptedMirrors, type ScriptedMirror } from './scripted-mirrors.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What the flights of these tests should bring: 320,000 bytes, several tails long. */
export const RIGHT: string = 'the right file, '.repeat(20_000);

/** Another file that is right as well, of the same length: no beginning of one of them is whole with the end of the other. */
export const ALSO_RIGHT: string = `${RIGHT.slice(0, 1000)}T${RIGHT.slice(1001, -1000)}T${RIGHT.slice(-999)}`;

/** Bytes. */
export const KIB = 1024;

/** A flight under way, and what can be seen of it. */
export type ScriptedFlight = {
  readonly flight: Flight;
  readonly clock: VirtualClock;
  readonly events: RondoEvent[];
  readonly kept: string[];
  readonly spool: () => Spool;
  readonly order: Mirrors['order'];
  readonly asked: (name: string) => number;
  /** What was asked of a mirror: `all`, or from which byte on, and `!` where by validator. */
  readonly rests: (name: string) => string[];
};

/** A flight for one zip over scripted mirrors; RIGHT and ALSO_RIGHT are right. All in memory, so that virtual time is all the time there is. */
export function fly(
  scripts: Record<string, ScriptedMirror>,
  more: Partial<FlightPlan> = {},
  {
    signal = new AbortController().signal,
    resumes = 3,
    settings = {},
  }: { signal?: AbortSignal; resumes?: number; settings?: Partial<MirrorsSettings> } = {},
): ScriptedFlight {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, scripts, settings);
  const kept: string[] = [];
  let spool: Spool | undefined;
  const plan: FlightPlan = {
    file: { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' },
    key: 'example.com/m/@v/v1.0.0.zip',
    streams: true,
    patient: true,
    judge: async (whole, _mirror, { joined }) => {
      const text = await textOf(whole);
      if (text === RIGHT || text === ALSO_RIGHT) return { kind: 'right' };
      if (joined) return { kind: 'unusable', why: 'joined' };
      return text.startsWith('<') ? { kind: 'unusable', why: 'HTML' } : { kind: 'wrong', why: 'h1 differs' };
    },
    keep: async (whole) => {
      kept.push(await textOf(whole));
    },
    ...more,
  };
  const flight = new Flight(plan, {
    mirrors,
    newSpool: () => (spool = createSpool({ dir: 'never needed', spillBytes: 1024 * KIB })),
    clock,
    emit: (event) => events.push(event),
    signal,
    deadlineMs: 90_000,
    resumes,
    raceCheckMs: 250,
    via: undefined,
  });
  const spoolOf = (): Spool => spool ?? assert.fail('no spool');
  const askedOf = (name: string): readonly AttemptRequest[] => upstreams[name]?.asked ?? [];
  return {
    flight,
    clock,
    events,
    kept,
    spool: spoolOf,
    order: (name, order) => mirrors.order(name, order),
    asked: (name) => askedOf(name).length,
    rests: (name) => askedOf(name).map(({ rest }) => restWords(rest)),
  };
}

function restWords(rest: RestRequest | undefined): string {
  return rest === undefined ? 'all' : `${rest.fromBytes}${rest.validator === undefined ? '' : '!'}`;
}

async function textOf(spool: Spool): Promise<string> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < spool.sizeBytes;) {
    const chunk = await spool.read(at, spool.sizeBytes - at);
    chunks.push(chunk);
    at += chunk.length;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a client receives, and how it ends. */
export function receive(flight: Flight, holdMs = 5000): { text: string; end: Promise<string> } {
  const reader = flight.open();
  const client = { text: '', end: Promise.resolve('') };
  client.end = (async () => {
    try {
      await reader.ready(holdMs);
      for await (const chunk of reader.body()) client.text += chunk.toString('utf8');
      return 'complete';
    } catch (error) {
      return error instanceof RondoError ? `cut: ${error.code}` : `cut: ${String(error)}`;
    }
  })();
  return client;
}

/** Lets virtual time pass in steps, each of which lets readers read. */
export async function pass(clock: VirtualClock, ms: number, steps = 20): Promise<void> {
  for (let n = 0; n < steps; n += 1) {
    await clock.advance(ms / steps);
  }
}

/** How the flight said that it ended. */
export function flightEvent(events: readonly RondoEvent[]): Extract<RondoEvent, { type: 'flight' }> {
  return events.find((event) => event.type === 'flight') ?? assert.fail('no flight event');
}
