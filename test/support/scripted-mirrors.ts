import type { RondoEvent } from '../../src/events/events.ts';
import { createMirrors, type Mirrors } from '../../src/mirrors/mirrors.ts';
import type { MirrorSpec, MirrorsSettings } from '../../src/mirrors/settings.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { BALANCE_DEFAULTS } from './balance-defaults.ts';
import { scriptedUpstream, type Line, type ScriptedUpstream } from './scripted-upstream.ts';

/** The defaults of asking. */
export const MIRRORS_DEFAULTS: MirrorsSettings = {
  balance: BALANCE_DEFAULTS,
  pinMs: 60_000,
  softHeaderMs: 3000,
  headerMs: 60_000,
  deadlineMs: 90_000,
  agreementMs: 10_000,
  retry: { delayMs: 100, delayMaxMs: 2000, budgetRatio: 0.2, budgetPerSecond: 2 },
  probe: { intervalMs: 5000, jitter: 0.2, timeoutMs: 3000 },
  privatePatterns: '',
};

/** One mirror of a scripted world. */
export type ScriptedMirror = Partial<Pick<MirrorSpec, 'weight' | 'tier' | 'match'>> & {
  readonly script: ScriptedUpstream['script'] | Line;
};

/** Mirrors whose answers are scripted by name, with everything that they tell. */
export function scriptedMirrors(
  clock: VirtualClock,
  scripts: Readonly<Record<string, ScriptedMirror>>,
  settings: Partial<MirrorsSettings> = {},
  random: () => number = () => 0.5,
  adviceUnreachable?: string,
): { mirrors: Mirrors; upstreams: Record<string, ScriptedUpstream>; events: RondoEvent[] } {
  const events: RondoEvent[] = [];
  const upstreams: Record<string, ScriptedUpstream> = {};
  const specs = Object.entries(scripts).map(([name, { weight = 10, tier = 0, match = '*' }]): MirrorSpec => ({
    endpoint: { name, url: new URL(`http://${name}.test`) },
    weight,
    tier,
    match,
    probePath: '/probe',
  }));
  const mirrors = createMirrors({
    specs,
    settings: { ...MIRRORS_DEFAULTS, ...settings },
    openUpstream: ({ endpoint: { name } }) => {
      const script = scripts[name]?.script ?? { do: 'hang' };
      const upstream = scriptedUpstream(clock, typeof script === 'function' ? script : () => script);
      upstreams[name] = upstream;
      return upstream;
    },
    clock,
    random,
    emit: (event) => events.push(event),
    adviceUnreachable,
  });
  return { mirrors, upstreams, events };
}
