/** What a room may import of the other rooms (docs/design and the specification's table). */
export type Room = {
  /** Rooms, or single files of rooms, whose values and types it may use. */
  readonly may?: readonly string[];
  /** Rooms of which it may use types only: `import type`. */
  readonly types?: readonly string[];
};

/** A list without the noise of one. */
function words(text: string): string[] {
  return text.split(' ');
}

const BASE = words('words kit errors gomod');

/** The import table. A room is a folder of src/, or a file of src/ itself. Its own files are always allowed. */
export const ROOMS: Readonly<Record<string, Room>> = {
  words: {},
  kit: {},
  errors: { may: ['words'] },
  gomod: { may: ['words', 'errors'] },
  host: { may: BASE },
  events: { may: ['words'], types: ['gomod', 'errors', 'balance', 'kit/trace-place'] },
  balance: { may: ['words', 'kit'], types: ['gomod'] },
  upstream: { may: [...BASE, 'events', 'balance/outcome'] },
  mirrors: { may: [...BASE, 'host', 'events', 'balance', 'upstream'] },
  store: { may: [...BASE, 'events'] },
  verify: { may: [...BASE, 'events'] },
  proxy: { may: [...BASE, 'events', 'mirrors', 'store', 'verify'], types: ['balance/outcome'] },
  // Work over the copy: proven, listed, cleared, filled from folders and written to them.
  upkeep: { may: [...BASE, 'events', 'mirrors', 'store', 'verify', 'proxy'] },
  // A reply carries a file of the store, which http opens.
  http: { may: [...BASE, 'events', 'proxy'], types: ['store/store'] },
  telemetry: { may: [...BASE, 'events'], types: ['balance/outcome'] },
  // What programs and the dashboard ask of a running server; who may, and in which form. Sends as http sends.
  api: {
    may: [
      ...BASE,
      ...words(
        'events history upstream/explain-cause http/host-header http/web-page http/problem http/send-whole http/status',
      ),
    ],
    types: ['http'],
  },
  // What was seen of the mirrors, minute by minute, and what it comes to.
  history: {
    may: [
      ...BASE,
      ...words('events store/in-transaction store/own-database balance/judge-visit balance/up-on-trial'),
    ],
    types: ['balance/outcome'],
  },
  // What people are told of, and how it gets to them.
  alerts: {
    may: [...BASE, ...words('events host/read-plain-file host/write-whole')],
    types: ['upstream/post'],
  },
  // PURE: what `rondo why` and `rondo doctor` make of what was seen.
  inquiry: { may: ['gomod'], types: ['words'] },
  doctor: {
    may: ['words', 'errors', 'gomod', 'upstream/explain-cause'],
    types: words('balance/outcome upstream/attempt upstream/peek-certificate'),
  },
  config: { may: [...BASE, 'host/write-whole'] },
  app: {
    may: [
      ...BASE,
      ...words(
        'host events balance upstream mirrors store verify proxy http telemetry history/last-answer api/totals open-alerts open-api open-history config settings-map admin-port gauges open-mirrors open-proxy own-certificate reload',
      ),
    ],
    types: ['api/answers'],
  },
  // The part of app.ts that has the configuration in use become another one.
  reload: { may: [...BASE, 'config', 'events'] },
  // The part of app.ts that maps the configuration onto the rooms' own settings.
  'settings-map': {
    may: [...BASE, 'config'],
    types: words('balance upstream mirrors store verify proxy http telemetry'),
  },
  // The part of app.ts that says what of the running parts is a metric.
  gauges: { types: words('http mirrors proxy store telemetry') },
  // The part of app.ts that says what Rondo's own pages show of the running parts.
  'admin-port': { may: ['words', 'config'], types: words('http mirrors store telemetry') },
  // The part of app.ts that says what the API shows of the running parts.
  'api-ports': {
    may: [...BASE, ...words('config history upkeep')],
    types: words('api events mirrors open-history proxy reload store'),
  },
  // The API built over the running parts.
  'open-api': { may: ['api', 'api-ports', 'diagnose-server'], types: ['http'] },
  // What a running server knows of what is not well: wiring like diagnose-mirrors.
  'diagnose-server': {
    may: [...BASE, ...words('config diagnose-mirrors doctor')],
    types: words('api mirrors open-mirrors store'),
  },
  // The part of the wiring that asking mirrors without a server needs too.
  'open-mirrors': {
    may: [...BASE, ...words('host config mirrors upstream settings-map')],
    types: ['events'],
  },
  // The part of app.ts that has the certificate of the server become another one.
  'own-certificate': { may: [...BASE, ...words('host events')], types: ['http'] },
  // The part of app.ts that says who is told of what is wrong, and what is looked at.
  'open-alerts': {
    may: [...BASE, ...words('host alerts settings-map upstream')],
    types: words('config events mirrors'),
  },
  // The part of app.ts that says what the history of a server is made of.
  'open-history': { may: ['history'], types: words('config events kit mirrors') },
  // Mirrors asked without a server, for init and mirrors: wiring like app.ts, of which neither needs the rest.
  'probe-mirrors': { may: [...BASE, ...words('config mirrors open-mirrors')] },
  // Mirrors asked one by one, past all selection, for why: wiring like probe-mirrors.
  'ask-each': { may: [...BASE, 'open-mirrors'], types: ['config', 'upstream'] },
  // Which mirrors of the configuration may hear of a module, for why and sync: wiring like ask-each.
  'route-in-config': { may: ['gomod', 'mirrors/route', 'settings-map'], types: ['config'] },
  // Another Rondo asked for what it is to have, for sync: wiring like ask-each.
  'ask-rondo': { may: [...BASE, ...words('balance/outcome ask-each open-mirrors')] },
  // Mirrors looked at phase by phase, for doctor: wiring like probe-mirrors.
  'diagnose-mirrors': {
    may: [...BASE, ...words('host mirrors open-mirrors settings-map upstream')],
    types: ['config', 'doctor'],
  },
  // The part of the wiring that work on the copy needs too.
  'open-proxy': {
    may: [...BASE, ...words('config settings-map proxy store verify')],
    types: ['events', 'mirrors'],
  },
  // The copy opened for work on it, without a server: wiring like app.ts.
  'open-upkeep': {
    may: [...BASE, ...words('events settings-map open-mirrors open-proxy proxy store')],
    types: ['upkeep'],
  },
  // exec's summary is a sink of events.
  cli: {
    may: [
      ...words(
        'app api/schemas probe-mirrors open-alerts ask-each route-in-config ask-rondo diagnose-mirrors open-upkeep upkeep inquiry doctor history proxy host config upstream/explain-cause',
      ),
      ...BASE,
    ],
    types: words(
      'events api/answers open-mirrors mirrors/mirror-view mirrors/measure store/plain-folder verify/verifier upstream/peek-certificate',
    ),
  },
  main: { may: ['cli'] },
  // The page in the browser: a client of the API like any other, outside src/.
  dashboard: { types: ['api', 'history'] },
};

/** An effect on the world: who may have it, and what everybody else does instead. */
export type Effect = {
  readonly name: string;
  /** Modules whose import is the effect; type-only imports are none. */
  readonly modules?: readonly string[];
  /** Globals whose use is the effect: `object.member`, a bare function, `Date()` for `new Date()`. */
  readonly globals?: readonly string[];
  /** Paths below src/ that may have it: a folder ends with `/`, else a beginning of file names. */
  readonly places: readonly string[];
  readonly instead: string;
};

/** Where processes, clocks and timers are made. */
const MADE = ['app.ts', 'cli/', 'main.ts'] as const;

/** What only some places may do. Identity (node:crypto's random names) is not behaviour and not listed. */
export const EFFECTS: readonly Effect[] = [
  {
    name: 'the file system',
    modules: ['node:fs', 'node:fs/promises'],
    // config: its loader. verify: what runs inside the worker threads. upstream: `file://` mirrors.
    places: [
      ...words('store/ host/ telemetry/ cli/ history/history-file history/read-history alerts/alert-file'),
      ...words('config/load- config/find-files config/kept-chain config/trust config/state-file'),
      ...words('verify/hash-worker verify/zip-source upstream/file-upstream'),
    ],
    instead: 'take a Store, a StoredFile or a reading function as a parameter',
  },
  {
    name: 'child processes',
    modules: ['node:child_process'],
    places: ['host/', 'cli/'],
    instead: 'put it into host/ and take it as a port',
  },
  {
    name: 'sockets',
    modules: [
      ...words('node:net node:tls node:http node:https node:http2 node:dgram node:dns'),
      ...words('node:dns/promises undici'),
    ],
    globals: ['fetch', 'WebSocket', 'EventSource'],
    // host: whether anybody listens at a loopback address of this machine.
    places: ['upstream/', 'http/', 'telemetry/', 'store/s3', 'host/loopback'],
    instead: 'ask through mirrors, or take a port',
  },
  {
    name: 'threads',
    modules: ['node:worker_threads', 'node:cluster'],
    places: ['verify/'],
    instead: 'use the pool of verify/',
  },
  {
    name: 'the clock and timers',
    modules: ['node:timers', 'node:timers/promises', 'node:perf_hooks'],
    globals: [
      ...words('Date.now Date() performance.now setTimeout setInterval AbortSignal.timeout'),
      ...words('process.hrtime process.uptime'),
    ],
    // telemetry/pauses: how long the event loop itself was late.
    places: [...MADE, 'kit/clock.ts', 'telemetry/pauses'],
    instead: 'take a Clock (kit/clock.ts) as a parameter, so that tests own the time',
  },
  {
    name: 'randomness',
    globals: ['Math.random'],
    places: [...MADE, 'kit/random.ts'],
    instead: 'take a Random (kit/random.ts) as a parameter, so that a run can be replayed',
  },
  {
    name: 'the process',
    modules: ['node:process'],
    globals: [
      ...words('process.env process.argv process.cwd process.chdir process.stdin process.stdout'),
      ...words('process.stderr process.exit process.exitCode process.on process.once'),
    ],
    places: MADE,
    instead: 'take what you need (environment, streams, folder) as a parameter',
  },
  {
    name: 'signals to processes',
    globals: ['process.kill'],
    // own-file-name asks, with signal 0, whether the writer of a leftover still lives.
    places: [...MADE, 'host/', 'store/own-file-name.ts'],
    instead: 'put it into host/',
  },
];

/** Names of those modules that touch nothing. */
export const PURE_NAMES: ReadonlySet<string> = new Set([
  ...words('isIP isIPv4 isIPv6 BlockList SocketAddress'),
  // Reads a key and a certificate.
  'createSecureContext',
  ...words('STATUS_CODES METHODS validateHeaderName validateHeaderValue maxHeaderSize'),
  ...words('isMainThread threadId workerData'),
]);

/** Sizes in lines. A file has no exception, a function may have a written reason. */
export const LIMITS = { fileLines: 300, functionLines: 60 } as const;

/** Programs that are started and not imported. Those named by `new URL('./x.ts', import.meta.url)` are found. */
export const ENTRIES: readonly RegExp[] = [
  /^bin\/rondo\.mjs$/,
  /^src\/main\.ts$/,
  /^dashboard\/main\.tsx$/,
  /^scripts\/[^/]+\.ts$/,
  /^bench\/run\.ts$/,
  /^bench\/(faults|soak)\/run\.ts$/,
  /^test\/sim\/run\.ts$/,
  /^test\/faults\/run\.ts$/,
  // Loaded before a program by --import.
  /^test\/support\/(jumping-clock|slow-disk)\.ts$/,
  /\.test\.ts$/,
];

/** Files of src/ that only tests use, and why they stay. */
export const NOT_YET_USED: Readonly<Record<string, string>> = {
  'src/store/memory-store.ts': 'the second Store, which keeps the port and its contract suite honest',
};

/** File names that say nothing of what is inside, and `index`, which only barrels need. */
export const EMPTY_NAMES: ReadonlySet<string> = new Set(
  words('util utils utilities helper helpers common misc shared index'),
);

/**
 * Files that a program writes: `generator` (a script of this repository) prints the whole file. Add one
 * here when it is made, and its freshness is tested.
 */
export const GENERATED: readonly { readonly file: string; readonly generator: string }[] = [
  { file: 'docs/reference/configuration.md', generator: 'scripts/configuration-page.ts' },
  { file: 'docs/reference/goproxy.ini', generator: 'scripts/example-file.ts' },
  { file: 'docs/reference/cli.md', generator: 'scripts/commands-page.ts' },
  { file: 'docs/reference/errors.md', generator: 'scripts/errors-page.ts' },
  { file: 'docs/comparison.md', generator: 'scripts/comparison-page.ts' },
];
