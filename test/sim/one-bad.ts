import {
  between,
  eachNth,
  fails,
  flapping,
  good,
  hangs,
  lies,
  limits,
  mixed,
  slow,
  throttled,
} from './behaviours.ts';
import { askedShare, firstOkAfter, quantile, shareOf, startedIn, strayOf, within } from './claims.ts';
import type { Run } from './run-scenario.ts';
import { allOk, attempts, healthyWorld, p99, three, type Scenario } from './scenario.ts';

/** Good mirrors, and one bad one among three. */
export const ONE_BAD: readonly Scenario[] = [
  {
    name: 'equal mirrors',
    world: () => healthyWorld(),
    claims: (run) => [
      allOk(run),
      ...['a', 'b', 'c'].map((name) =>
        within(`share of ${name} (33.3 +-2)`, 100 * askedShare(run, name), 31.3, 35.3, '%'),
      ),
      within('repeats pinned', (100 * run.pinned) / run.repeats, 80, 100, '%'),
      within('hedges', run.watcher.counts.hedges, 1, 0.05 * run.served.length + 10),
      within('revisits', run.watcher.counts.revisits, 0, 0),
      within('gates opened', run.watcher.opened.size, 0, 0),
      within('stray of a share over 10 s', 100 * strayOf(run, 'a', 1 / 3, 10), 0, 6, '%'),
      attempts(run, 1.06),
    ],
  },
  {
    name: 'weights 5, 3 and 2',
    world: () => ({
      ...three({}),
      mirrors: {
        a: { weight: 50, behaviour: good() },
        b: { weight: 30, behaviour: good(48) },
        c: { weight: 20, behaviour: good(54) },
      },
    }),
    claims: (run) => [
      allOk(run),
      within('share of a (50 +-2)', 100 * shareOf('a', run.served), 48, 52, '%'),
      within('share of b (30 +-2)', 100 * shareOf('b', run.served), 28, 32, '%'),
      within('share of c (20 +-2)', 100 * shareOf('c', run.served), 18, 22, '%'),
      within('repeats pinned', (100 * run.pinned) / run.repeats, 80, 100, '%'),
      attempts(run, 1.06),
    ],
  },
  {
    name: 'one slow: 1.2 s',
    world: () => three({ c: slow(1200) }),
    claims: (run, healthy) => [allOk(run), p99(run, healthy, 3), attempts(run, 1.06)],
  },
  {
    name: 'one hangs',
    world: () => three({ c: hangs }),
    claims: (run) => [
      allOk(run),
      within('99th percentile', quantile(run.served, 0.99), 0, 1200, ' ms'),
      within('longest', quantile(run.served, 1), 0, 3500, ' ms'),
      within('its gate opened', run.watcher.opened.get('c') ?? 0, 1, 60),
    ],
  },
  {
    name: 'one answers 503',
    world: () => three({ c: fails('overload') }),
    claims: (run, healthy) => [allOk(run), p99(run, healthy, 3), attempts(run, 1.07)],
  },
  {
    name: 'one resets half of the time',
    world: () => three({ c: mixed(0.5, fails('reset')) }),
    claims: (run, healthy) => [allOk(run), p99(run, healthy, 3), attempts(run, 1.07)],
  },
  {
    name: 'one fails each sixth time, and late',
    world: () => three({ c: eachNth(6, fails('serverError', 900), good(20)) }, { perSecond: 5, forS: 600 }),
    claims: (run, healthy) => [
      allOk(run),
      p99(run, healthy, 3),
      within('its share of the attempts', 100 * askedShare(run, 'c'), 0, 20, '%'),
    ],
  },
  {
    name: 'one flaps as fast as it is probed',
    world: () => three({ c: flapping(5000, fails('overload')) }),
    claims: (run, healthy) => [allOk(run), p99(run, healthy, 3)],
  },
  {
    name: 'one is down from 10 to 40 s',
    world: () => three({ c: between(10, 40, fails('overload')) }, { forS: 120 }),
    claims: (run) => [
      allOk(run),
      within('its first answer after it is back', firstAnswerOf(run, 'c', 40), 0, 8000, ' ms'),
      within('its share, 50 s later', 100 * shareOf('c', startedIn(run, 90, 120)), 28, 38, '%'),
    ],
  },
  {
    name: 'one is slow until 30 s',
    world: () => three({ c: between(0, 30, slow(1200)) }, { forS: 120 }),
    claims: (run) => [
      allOk(run),
      within('its share while slow', 100 * shareOf('c', startedIn(run, 10, 30)), 0, 5, '%'),
      within('its share, 60 s later', 100 * shareOf('c', startedIn(run, 90, 120)), 28, 38, '%'),
    ],
  },
  {
    name: 'one asks for 20 s of rest',
    world: () => three({ c: between(10, 12, limits(20_000)) }),
    claims: (run) => [
      allOk(run),
      within('its answers in the 20 s', 100 * shareOf('c', startedIn(run, 12, 30)), 0, 0, '%'),
      within('its answers after them', 100 * shareOf('c', startedIn(run, 32, 60)), 10, 40, '%'),
      within('its gate opened', run.watcher.opened.get('c') ?? 0, 1, 1),
    ],
  },
  {
    name: 'one lies from 10 to 300 s',
    world: () => three({ c: between(10, 300, lies(3000)) }, { perSecond: 20, forS: 720 }),
    claims: (run) => [
      allOk(run),
      within('wrong bodies, nearly all under way when the first had come', run.lies, 10, 120),
      within('its gate opened', run.watcher.opened.get('c') ?? 0, 1, 1),
      // The first of them is whole at 13 s, and ten minutes are over at 613 s.
      within('its first right answer, from 300 s on', firstAnswerOf(run, 'c', 300) / 1000, 312, 335, ' s'),
      within('its share, a minute later', 100 * shareOf('c', startedIn(run, 675, 720)), 28, 38, '%'),
    ],
  },
  {
    name: 'one gives zips at 20 KB/s',
    world: () => three({ c: throttled(20_000) }, { zipShare: 0.3, perSecond: 60 }),
    claims: (run) => [
      allOk(run),
      within('its share of the zips', 100 * shareOf('c', zipsOf(startedIn(run, 5, 60))), 0, 4, '%'),
      within('its share of the rest', 100 * shareOf('c', othersOf(startedIn(run, 5, 60))), 28, 38, '%'),
    ],
  },
];

function firstAnswerOf(run: Run, mirror: string, fromS: number): number {
  return firstOkAfter({ ...run, served: run.served.filter((each) => each.mirror === mirror) }, fromS);
}

function zipsOf(served: Run['served']): Run['served'] {
  return served.filter(({ zip }) => zip);
}

function othersOf(served: Run['served']): Run['served'] {
  return served.filter(({ zip }) => !zip);
}
