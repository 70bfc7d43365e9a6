import { refitted } from '../balance/slots.ts';
import type { Clock } from '../kit/clock.ts';
import type { Upstream } from '../upstream/attempt.ts';
import { newMirror, type Mirror } from './mirror.ts';
import type { MirrorSpec, MirrorsSettings } from './settings.ts';

/** The mirrors that are asked, and the numbers of asking. Another configuration replaces it as a whole. */
export type Fleet = { readonly mirrors: readonly Mirror[]; readonly settings: MirrorsSettings };

/** The fleet of this moment: whoever decides something for good reads it once. */
export type FleetNow = () => Fleet;

/** What another configuration says. */
export type FleetOrders = {
  readonly specs: readonly MirrorSpec[];
  readonly settings: MirrorsSettings;
  readonly openUpstream: (spec: MirrorSpec) => Upstream;
  /** Connections are made in another way from now on: those of mirrors that stay are made anew, too. */
  readonly reconnect: boolean;
};

/** What becomes of a fleet. */
export type FleetChange = {
  readonly fleet: Fleet;
  /** Names that stand for the same mirror as before: what is remembered under any other is of no use. */
  readonly names: ReadonlySet<string>;
  /** Connections of mirrors that are gone, and those that were made anew. */
  readonly closing: readonly Upstream[];
};

/**
 * Puts a fleet together by `orders`. A mirror whose base URL stays is the same one, with its health, its speed and
 * what runs on it, whatever else is said of it now; others are new, or gone. Throws what `openUpstream` throws, and
 * then nothing has changed.
 */
export function reassemble(before: Fleet, orders: FleetOrders, clock: Clock): FleetChange {
  const known = new Map(before.mirrors.map((mirror) => [hrefOf(mirror.spec), mirror]));
  const { settings } = orders;
  const drafts = orders.specs.map((spec) => {
    const mirror = known.get(hrefOf(spec));
    known.delete(hrefOf(spec));
    const stays = mirror !== undefined && !orders.reconnect && hasSameLogin(mirror.spec, spec);
    return { spec, mirror, upstream: stays ? mirror.upstream : orders.openUpstream(spec) };
  });
  const names = new Set<string>();
  const closing: Upstream[] = [];
  const mirrors = drafts.map(({ spec, mirror, upstream }) => {
    if (mirror === undefined) return newMirror(spec, upstream, { clock, settings });
    const { name } = spec.endpoint;
    if (mirror.name === name) names.add(name);
    if (mirror.upstream !== upstream) closing.push(mirror.upstream);
    const slots = refitted(mirror.slots, before.settings.slots, settings.slots);
    return Object.assign(mirror, { name, spec, upstream, slots });
  });
  for (const mirror of before.mirrors) if (!mirrors.includes(mirror)) closing.push(mirror.upstream);
  return { fleet: { mirrors, settings }, names, closing };
}

function hrefOf({ endpoint }: MirrorSpec): string {
  return endpoint.url.href;
}

function hasSameLogin(one: MirrorSpec, other: MirrorSpec): boolean {
  return one.endpoint.authorization === other.endpoint.authorization;
}
