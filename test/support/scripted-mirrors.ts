import type { RondoEvent } from '../../src/events/events.ts';
import type { FleetOrders } from '../../src/mirrors/fleet.ts';
import { createMirrors, type Mirrors, type MirrorsOptions } from '../../src/mirrors/mirrors.ts';
import type { MirrorSpec, MirrorsSettings } from '../../src/mirrors/settings.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { BALANCE_DEFAULTS, RACE_DEFAULTS } from './balance-defaults.ts';
import { scriptedUpstream, type Line, type ScriptedUpstream } from './scripted-upstream.ts';

/** The defaults of asking. */
export const MIRRORS_DEFAULTS: MirrorsSettings = {
  balance: BALANCE_DEFAULTS,
  pace: { tauMs: 10_000, tolerance: 1.5, floor: 0.01 },
  pins: { lastMs: 60_000, debt: 8, slowdown: 2 },
  hedge: { minMs: 20, maxMs: 1000, firstMs: 300, samples: 20, tokens: 10, perRequest: 0.05 },
  race: RACE_DEFAULTS,
  slots: { min: 4, max: 32 },
  queueLimit: 4096,
  lagMs: 250,
  softHeaderMs: 3000,
  headerMs: 60_000,
  deadlineMs: 90_000,
  agreementMs: 10_000,
  retry: { delayMs: 100, delayMaxMs: 2000, budgetRatio: 0.2, budgetPerSecond: 2 },
  probe: { intervalMs: 5000, jitter: 0.2, timeoutMs: 3000 },
  sync: { canary: 'example.com/busy', intervalMs: 0, behindMs: 300_000 },
  privatePatterns: '',
  propagate: 'never',
};

/** For what is about one mirror after the other. */
export const NO_HEDGE: Partial<MirrorsSettings> = { hedge: { ...MIRRORS_DEFAULTS.hedge, tokens: 0 } };

/** One mirror of a scripted world. */
export type ScriptedMirror = Partial<Pick<MirrorSpec, 'weight' | 'tier' | 'match' | 'probePath'>> & {
  /** Where it is, if that does not follow from its name. */
  readonly host?: string;
  readonly authorization?: string;
  /** Default: without end. */
  readonly maxConnections?: number;
  readonly script: ScriptedUpstream['script'] | Line;
};

type Scripts = Readonly<Record<string, ScriptedMirror>>;

/** Mirrors whose answers are scripted by name, with everything that they tell. */
export type ScriptedMirrors = {
  readonly mirrors: Mirrors;
  /** The connections that were opened last for each name. */
  readonly upstreams: Record<string, ScriptedUpstream>;
  readonly events: RondoEvent[];
  /** Goes on with these mirrors, and with the settings of the start but for `settings`. */
  replace(scripts: Scripts, settings?: Partial<MirrorsSettings>, reconnect?: boolean): void;
};

/** Mirrors at `http://<name>.test`, whose scripts stand still between the requests. */
export function scriptedMirrors(
  clock: VirtualClock,
  scripts: Scripts,
  settings: Partial<MirrorsSettings> = {},
  random: () => number = () => 0.5,
  adviceUnreachable?: string,
  exists?: MirrorsOptions['exists'],
): ScriptedMirrors {
  const events: RondoEvent[] = [];
  const upstreams: Record<string, ScriptedUpstream> = {};
  const ordersOf = (
    all: Scripts,
    changes: Partial<MirrorsSettings>,
  ): Pick<FleetOrders, 'specs' | 'settings' | 'openUpstream'> => ({
    specs: Object.entries(all).map(specOf),
    settings: { ...MIRRORS_DEFAULTS, ...settings, ...changes },
    openUpstream: ({ endpoint: { name } }) => {
      const { script = { do: 'hang' }, maxConnections } = all[name] ?? {};
      const upstream = scriptedUpstream(
        clock,
        typeof script === 'function' ? script : () => script,
        maxConnections,
      );
      upstreams[name] = upstream;
      return upstream;
    },
  });
  const mirrors = createMirrors({
    ...ordersOf(scripts, {}),
    clock,
    random,
    emit: (event) => events.push(event),
    adviceUnreachable,
    exists,
  });
  const replace: ScriptedMirrors['replace'] = (next, changes = {}, reconnect = false) =>
    mirrors.replace({ ...ordersOf(next, changes), reconnect });
  return { mirrors, upstreams, events, replace };
}

function specOf([name, mirror]: [string, ScriptedMirror]): MirrorSpec {
  const {
    weight = 10,
    tier = 0,
    match = '*',
    probePath = '/probe',
    host = `${name}.test`,
    authorization,
  } = mirror;
  const login = authorization === undefined ? {} : { authorization };
  return { endpoint: { name, url: new URL(`http://${host}`), ...login }, weight, tier, match, probePath };
}
