import { MIRRORS_DEFAULTS } from '../support/scripted-mirrors.ts';
import { between, chaotic, fails, good, hangs, limits, mixed, slow, withHungOrigin } from './behaviours.ts';
import { firstOkAfter, okShare, quantile, shareOf, startedIn, within, type Claim } from './claims.ts';
import type { Run } from './run-scenario.ts';
import { allOk, p99, three, type Scenario } from './scenario.ts';
import type { Behaviour } from './sim-mirror.ts';

/** Nobody to turn to: all mirrors in trouble, more than they can take, or no mirror that has it. */
export const ALL_BAD: readonly Scenario[] = [
  {
    name: 'all are down for 20 s',
    world: () => {
      const down = between(10, 30, fails('overload'));
      return three({ a: down, b: down, c: down });
    },
    claims: (run) => [
      ...recovered(run, 30),
      within('attempts a request meanwhile', attemptsIn(run, 12, 30), 0, 0.3),
      within('longest wait for a no', longestNo(run, 12, 28), 0, 1100, ' ms'),
    ],
  },
  {
    name: 'all are down for 20 s, 300 ms away',
    world: () => {
      const down = between(10, 30, fails('reset'), slow(300));
      return three({ a: down, b: down, c: down });
    },
    claims: (run) => [
      ...recovered(run, 30),
      // Four, and one more a round trip of 300 ms.
      within('at most under way at one mirror, first second', run.bySecond[30]?.peak ?? 0, 1, 8),
    ],
  },
  {
    name: 'the only mirror is down for 20 s',
    world: () => ({
      mirrors: { a: { behaviour: between(10, 30, fails('overload'), slow(100)) } },
      perSecond: 50,
      forS: 60,
    }),
    claims: (run) => recovered(run, 30),
  },
  {
    name: 'all are down, and many wait for them',
    world: () => {
      const down = between(10, 30, fails('overload'), slow(100));
      return three({ a: down, b: down, c: down }, { perSecond: 400, forS: 45 });
    },
    claims: (run) => {
      const peak = (second: number): number => run.bySecond[second]?.peak ?? 0;
      return [
        ...recovered(run, 30),
        // Four, and one more a round trip of 100 ms.
        within('at most under way at one mirror, first second', peak(30), 1, 14),
        within('and ten seconds later', peak(40), peak(30) + 1, 32),
      ];
    },
  },
  // Trials that hang take three seconds each, and nobody waits for those that are under way at its end.
  ...[30, 31, 32].map((toS): Scenario => ({
    name: `all hang for ${toS - 10} s`,
    world: () => {
      const down = between(10, toS, hangs);
      return three({ a: down, b: down, c: down });
    },
    claims: (run) => [
      ...recovered(run, toS),
      within('gates opened after it', run.watcher.openedSince(toS * 1000 + 1500), 0, 0),
      within('longest wait for a no, of those who came late', longestNo(run, 17, toS - 1), 0, 4100, ' ms'),
    ],
  })),
  {
    name: 'all fail half of the time',
    world: () => {
      const bad = mixed(0.5, fails('serverError'));
      return three({ a: bad, b: bad, c: bad });
    },
    claims: (run) => [
      within('answered', 100 * okShare(run.served), 60, 100, '%'),
      within(
        'revisits (20% + 2/s)',
        run.watcher.counts.revisits,
        1,
        0.2 * run.served.length + 2 * run.seconds + 40,
      ),
    ],
  },
  {
    name: 'our own network is gone for 20 s',
    world: () => {
      const gone = between(10, 30, fails('noRoute'));
      return three({ a: gone, b: gone, c: gone });
    },
    claims: (run) => [
      within('first answer after it', firstOkAfter(run, 30), 0, 1500, ' ms'),
      within('answered from then on', 100 * okShare(startedIn(run, 30, 60)), 100, 100, '%'),
      within('longest wait for a no', longestNo(run, 12, 28), 0, 1300, ' ms'),
      within('gates opened', run.watcher.opened.size, 0, 0),
    ],
  },
  {
    name: 'a third of what is asked is not there',
    world: () => {
      const missing: Behaviour = (at) => (/m\d*[036]\/@v/.test(at.path) ? fails('notFound')(at) : good()(at));
      return three({ a: missing, b: missing, c: missing });
    },
    claims: (run) => {
      const errors = new Set(run.served.flatMap(({ error }) => error ?? []));
      return [
        { what: 'errors', found: [...errors].join(' '), holds: [...errors].join() === 'E_NOT_FOUND' },
        within('gates opened', run.watcher.opened.size, 0, 0),
        within('longest', quantile(run.served, 1), 0, 500, ' ms'),
      ];
    },
  },
  ...(
    [
      ['hang', withHungOrigin(hangs)],
      ['say a soft 404', withHungOrigin(fails('softNotFound', 1500))],
    ] as const
  ).map(([what, origin]): Scenario => ({
    name: `one client asks for modules that all ${what} for`,
    world: () => three({ a: origin, b: origin, c: origin }, { hungEveryS: 5 }),
    claims: (run, healthy) => {
      const others = { ...run, served: run.served.filter(({ hung }) => !hung) };
      return [
        allOk(others),
        p99(others, healthy, 3),
        within('its own that were answered', 100 * okShare(run.served.filter(({ hung }) => hung)), 0, 0, '%'),
        within('gates opened', run.watcher.opened.size, 0, 0),
      ];
    },
  })),
  // Nobody is left to be asked but the one that is just back, and not tried yet.
  ...(['overload', 'hang'] as const).map((was): Scenario => ({
    name: `one lacks everything and one fails, when the third is back from 8 s of ${was}`,
    world: () =>
      three({
        a: between(20, 30, fails('notFound')),
        b: between(20, 30, fails('serverError')),
        c: between(10, 18, was === 'hang' ? hangs : fails(was)),
      }),
    claims: (run) => [
      allOk(run),
      within('longest of those that began then', quantile(startedIn(run, 20, 30), 1), 0, 4100, ' ms'),
    ],
  })),
  {
    name: 'more than they can take',
    world: () =>
      three(
        { a: slow(2000), b: slow(2000), c: slow(2000) },
        {
          perSecond: 800,
          forS: 12,
          settings: { deadlineMs: 20_000, hedge: { ...MIRRORS_DEFAULTS.hedge, tokens: 0 } },
        },
      ),
    claims: (run) => {
      const busy = run.served.filter(({ error }) => error === 'E_BUSY');
      const atOnce = busy.filter(({ tookMs }) => tookMs === 0);
      const answered = run.served.filter(({ error }) => error === undefined);
      return [
        within('refused at once', atOnce.length, 100, run.served.length),
        within('refused at the deadline', busy.length - atOnce.length, 1, 4096 * 2),
        within('answered: three mirrors with 32 slots, 2 s each', answered.length, 900, 1700),
        within('overtaken by the deadline', run.served.length - busy.length - answered.length, 0, 600),
      ];
    },
  },
  {
    name: 'chaos, and then peace',
    world: () => {
      const choices = [
        good(),
        slow(1200),
        hangs,
        fails('overload'),
        fails('reset'),
        limits(3000),
        mixed(0.3, fails('serverError')),
        fails('noRoute'),
      ];
      const chaos = (): Behaviour => chaotic(choices, 60);
      return three({ a: chaos(), b: chaos(), c: chaos() }, { forS: 180, perSecond: 60 });
    },
    claims: (run) => [
      within('answered in peace', 100 * okShare(startedIn(run, 75, 180)), 100, 100, '%'),
      ...['a', 'b', 'c'].map((name) =>
        within(`share of ${name}, at last`, 100 * shareOf(name, startedIn(run, 150, 180)), 26, 41, '%'),
      ),
    ],
  },
];

/** All are good again from `fromS` on: the next trial finds that out for everybody who waits for it. */
function recovered(run: Run, fromS: number): Claim[] {
  const firstMs = firstOkAfter(run, fromS);
  const atMs = fromS * 1000 + firstMs;
  const noes = run.served.filter(
    ({ startMs, tookMs, error }) => error !== undefined && startMs + tookMs > atMs,
  );
  return [
    within('first answer after it', firstMs, 0, 1500, ' ms'),
    within('answered, of the 5 s after it', 100 * okShare(startedIn(run, fromS, fromS + 5)), 99, 100, '%'),
    within('answered from then on', 100 * okShare(startedIn(run, fromS + 5, run.seconds)), 100, 100, '%'),
    within('told no after the first answer', noes.length, 0, 0),
  ];
}

/** How long those waited who began between two seconds, and were told no. */
function longestNo(run: Run, fromS: number, toS: number): number {
  const noes = startedIn(run, fromS, toS).filter(({ error }) => error !== undefined);
  return Math.max(...noes.map(({ tookMs }) => tookMs));
}

function attemptsIn(run: Run, fromS: number, toS: number): number {
  const asked = run.bySecond.slice(fromS, toS).reduce((sum, { attempts }) => sum + attempts, 0);
  return asked / Math.max(1, startedIn(run, fromS, toS).length);
}
