/** One way in which a row of the table is shown: exactly one of these owns it. */
export type Case =
  /** A Row of rows/rows.ts. */
  | { readonly kind: 'row'; readonly name: string }
  /** A Scene of suite/scenes. */
  | { readonly kind: 'scene'; readonly name: string }
  /** A test elsewhere, whose title has these words. */
  | { readonly kind: 'test'; readonly file: string; readonly title: string };

/** A row of the table of faults as the specification has it. */
export type TableRow = {
  readonly fault: string;
  /** What the client must see. */
  readonly sees: string;
  readonly cases: readonly Case[];
};

/** Tests that show more of the same rows than the table asks for. */
export const ALSO: Readonly<Record<string, string>> = {
  'test/e2e/broken-mirror.test.ts': 'go beside a first mirror that is broken, which is met for certain',
  'test/e2e/cut-zips.test.ts': 'what every zip broken at 90% costs in bytes',
  'test/e2e/herd.test.ts': 'the memory that a hundred clients of one large zip cost',
  'test/e2e/outage.test.ts': 'what a newcomer builds while all mirrors are down',
  'test/e2e/hedge.test.ts': 'what becomes of the loser of a hedge, and of its connection',
  'test/e2e/network.test.ts': 'proxies on the way to the mirrors',
  'test/faults/liars.test.ts': 'a thousand requests beside each liar',
  'test/faults/lying-lists.test.ts': 'a mirror that lists a version that nobody has released',
  'test/faults/slow-bodies.test.ts':
    'what a body that stalls or drips costs in bytes, and who else may fail meanwhile',
  'test/faults/streamed-liars.test.ts': 'liars where answers had to begin before their end',
  'test/faults/toolchains.test.ts': 'toolchains that are not those of the database',
  'test/contract/store-full.test.ts': 'a store that has no room, without a disk',
};

function rows(...names: readonly string[]): Case[] {
  return names.map((name) => ({ kind: 'row', name }));
}

function scenes(...names: readonly string[]): Case[] {
  return names.map((name) => ({ kind: 'scene', name }));
}

function elsewhere(file: string, ...titles: readonly string[]): Case[] {
  return titles.map((title) => ({ kind: 'test', file, title }));
}

/** The whole table, in its order. */
export const TABLE: readonly TableRow[] = [
  { fault: '200, but 1.2 s slow', sees: 'p99 <= 3x healthy', cases: rows('slow') },
  { fault: 'hang before headers', sees: '200; p99 under 1.2 s, max under 3.5 s', cases: rows('hang') },
  { fault: 'stall mid-body', sees: '200, all bytes', cases: rows('stall') },
  {
    fault: 'reset mid-body; short of Content-Length',
    sees: '200, same bytes',
    cases: rows('reset', 'short'),
  },
  { fault: 'no Content-Length, early end', sees: 'found, other mirror', cases: rows('cut') },
  { fault: 'bytes past Content-Length', sees: 'hash decides; connection dropped', cases: rows('excess') },
  {
    fault: 'HTML 200 (captive portal), empty 200 (not a list)',
    sees: 'other mirror; an ordinary failure',
    cases: rows('html', 'empty'),
  },
  {
    fault: 'slow drip of headers / body',
    sees: 'left at 3 s soft / 30 s',
    cases: rows('drip-headers', 'drip-body'),
  },
  {
    fault: '429 with/without Retry-After',
    sees: 'other mirror, cool-down, not unhealthy',
    cases: rows('429', '429-retry-after'),
  },
  { fault: '500, 502', sees: 'other mirror at once', cases: rows('500', '502') },
  {
    fault: '503 with/without Retry-After',
    sees: 'other mirror; breaker',
    cases: rows('503', '503-retry-after'),
  },
  { fault: 'hard 404 on some', sees: '200 if any has it', cases: rows('hard-404') },
  {
    fault: 'soft 404/410',
    sees: 'failure, never cached',
    cases: rows('soft-404', 'soft-410', 'all-soft-404'),
  },
  { fault: 'all 404', sees: '404, once each, fast', cases: rows('all-404') },
  {
    fault: "corrupt zip; another module's zip; local headers that differ from the directory",
    sees: '200 right from another mirror where nothing had left, else cut, never complete; quarantine',
    cases: [
      ...rows('corrupt-first', 'corrupt-middle', 'corrupt-tail', 'other-zip'),
      ...elsewhere(
        'test/faults/same-hash.test.ts',
        'a local header that says something else than the directory',
      ),
    ],
  },
  {
    fault: 'connection reused that the mirror had just closed',
    sees: 'once more on a fresh one, nobody charged',
    cases: rows('reused-connection'),
  },
  {
    fault: 'AAAA black hole, A good',
    sees: 'no visible delay after the first time',
    cases: elsewhere(
      'src/upstream/dual-stack.test.ts',
      'a black hole behind the AAAA does not cost the request',
    ),
  },
  {
    fault: 'probe answers, zips hang; probe refused, traffic fine',
    sees: 'caught by traffic; not charged',
    cases: rows('only-zips-hang', 'only-probes-fail'),
  },
  {
    fault: 'two mirrors 404, one hangs: `go get M/sub`',
    sees: 'works, fast',
    cases: elsewhere(
      'test/faults/go-get.test.ts',
      'go get M/sub where two mirrors answer 404 for it and one hangs',
    ),
  },
  {
    fault: "laptop's Rondo in front of a team's Rondo; a loop of two",
    sees: 'works; refused with a clear line',
    cases: scenes('rondo-behind-rondo', 'rondo-without-mirrors', 'rondo-loop'),
  },
  { fault: '500 distinct cold zips at once', sees: 'all 200, no 503', cases: rows('many-zips') },
  {
    fault: 'reload removes the mirror of a running flight; SIGTERM in a hedge',
    sees: 'the flight ends well; nothing leaks',
    cases: [
      ...elsewhere('test/contract/reload.test.ts', 'a mirror that is gone ends what it has begun'),
      ...scenes('stop-in-hedge'),
    ],
  },
  { fault: '`.info` of another version', sees: 'refused, other mirror', cases: rows('other-version') },
  { fault: 'stale list', sees: 'no going back', cases: rows('stale-list') },
  {
    fault: 'redirect loop; https to http; redirect from a public mirror to a private address',
    sees: 'stopped at 10; refused; refused',
    cases: [
      ...rows('redirect-loop'),
      ...elsewhere('src/upstream/tls.test.ts', 'a redirect from https to http is refused'),
      ...elsewhere(
        'src/upstream/http-upstream-redirects.test.ts',
        'a public mirror may not redirect to a private address by',
      ),
    ],
  },
  {
    fault: 'TLS expired / wrong name',
    sees: 'other mirror, long breaker, named in doctor',
    cases: scenes('tls-expired', 'tls-wrong-name'),
  },
  {
    fault: 'DNS failure; connection refused',
    sees: 'other mirror',
    cases: [...scenes('dns'), ...rows('refused')],
  },
  {
    fault: 'our own network gone',
    sees: 'stale or 503; nobody charged; first success within 1.5 s of return',
    cases: elsewhere('src/mirrors/outage.test.ts', 'our own network is gone'),
  },
  { fault: 'wall clock jumps 1 h', sees: 'no effect', cases: scenes('clock') },
  { fault: "flapping at the probe's period", sees: 'caught by traffic', cases: rows('flapping') },
  {
    fault: 'all down 20 s, then back',
    sees: 'stale or 503; first ok <= 1.5 s, >= 99% ok within 5 s',
    cases: rows('all-refused', 'all-503', 'all-hang'),
  },
  { fault: 'herd on recovery', sees: 'in flight <= 4 and growing', cases: scenes('herd') },
  { fault: 'queue full', sees: '503 at once, Retry-After 1', cases: scenes('queue-full') },
  {
    fault: 'reload under load',
    sees: 'no error, health kept',
    cases: [
      ...elsewhere('test/contract/reload.test.ts', 'reloads under load: no request fails'),
      ...elsewhere('src/mirrors/replace.test.ts', 'a mirror whose URL stays is the same one'),
    ],
  },
  {
    fault: 'client goes away; hedge loser',
    sees: 'upstream cancelled if nobody is left, not charged',
    cases: [
      ...scenes('clients-leave'),
      ...elsewhere('src/mirrors/hedging.test.ts', 'the first answer wins, nobody is charged'),
    ],
  },
  { fault: '1000 clients, one cold zip', sees: '1 fetch, flat memory', cases: rows('one-zip') },
  {
    fault: 'kill -9 at any moment of a write',
    sees: 'whole file or none after restart',
    cases: [
      ...elsewhere(
        'test/contract/store-crash.test.ts',
        'a writer killed at any moment leaves whole files or none',
      ),
      ...elsewhere('test/e2e/crash.test.ts', 'kill -9 again and again while many files are written'),
      ...elsewhere(
        'test/e2e/crash-modcache.test.ts',
        'a GOMODCACHE shared with go outlives every kill of Rondo',
      ),
    ],
  },
  {
    fault: 'disk full, read-only, slow; index lost',
    sees: 'serves on; says so; rebuilt',
    cases: [
      ...elsewhere(
        'test/e2e/disk.test.ts',
        'a full disk: builds work',
        'a build that is larger than the copy may be works, and so does one after the index was lost',
      ),
      ...elsewhere('test/contract/store-small-disk.test.ts', 'a disk that becomes read-only'),
      ...scenes('slow-disk'),
    ],
  },
  {
    fault: 'two processes, one folder',
    sees: 'both right',
    cases: [
      ...elsewhere('test/contract/store-bounds.test.ts', 'two processes share one folder and one budget'),
      ...elsewhere('test/e2e/exec.test.ts', 'two at once on one copy are right'),
    ],
  },
  {
    fault: 'names: `..`, `%2e%2e`, NUL, 1 MiB URL, raw capitals, `!` misuse',
    sees: '404/414, nothing touched',
    cases: [
      ...elsewhere(
        'test/e2e/http-surface.test.ts',
        'malformed names and escapes are 404, and never reach a mirror or the disk',
        'what is too long 414 or 431',
      ),
      ...elsewhere('test/faults/hostile-clients.test.ts', 'whoever sends without end is cut off'),
    ],
  },
  {
    fault: 'hostile go.mod, zip bomb, 500 MiB+, million-line list, note with bad keys, tile of wrong width',
    sees: 'refused within limits of memory and time',
    cases: [
      ...elsewhere(
        'test/faults/hostile-mirror.test.ts',
        'an answer that is larger than it may be is refused, and little of it read',
        'a zip without end is left at 500 MiB',
        'an answer that never gets anywhere is given up',
      ),
      ...elsewhere('test/faults/hostile-zip.test.ts', 'judged within its bounds'),
      ...elsewhere('src/gomod/signed-note.test.ts', 'what is no note is malformed, and nothing throws'),
      ...elsewhere(
        'src/verify/database-client-lies.test.ts',
        'nothing is believed, nothing kept, nobody charged',
      ),
    ],
  },
  {
    fault: 'HEAD on a cold zip',
    sees: 'right headers, nothing empty kept',
    cases: elsewhere('test/e2e/http-surface.test.ts', 'HEAD tells the same headers without a body'),
  },
];
