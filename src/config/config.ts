import type { Text } from '../words/text.ts';
import type { Address } from '../kit/address.ts';
import type { AlertSecrets, AlertsConfig } from './alerts-config.ts';
import type { CredentialsOrigin } from './credentials.ts';
import type { LimitsConfig } from './limits-config.ts';
import type { NetworkConfig } from './network-config.ts';
import type { LogConfig, TelemetryConfig } from './telemetry-config.ts';

/**
 * The effective configuration: what the rest of the program may know of flags, environment and files.
 * Immutable. Durations are milliseconds, sizes bytes, rates per second: the unit is in the name. Which
 * text key feeds which property, with its default and limits, is keys.ts.
 */
export type Config = {
  readonly chain: Chain;
  readonly go: GoSettings;
  readonly network: NetworkConfig;
  /** Do not check the TLS certificates of mirrors. */
  readonly insecure: boolean;
  /** Do not check content against the checksum database. */
  readonly skipsum: boolean;
  /** Answer outages with 404, so that the go command goes on to `,direct`. */
  readonly errorsAs404: boolean;
  readonly server: ServerConfig;
  readonly cache: CacheConfig;
  readonly selection: SelectionConfig;
  readonly timeouts: TimeoutsConfig;
  readonly retry: RetryConfig;
  readonly hedge: HedgeConfig;
  readonly race: RaceConfig;
  readonly breaker: BreakerConfig;
  readonly probe: ProbeConfig;
  readonly early: EarlyConfig;
  readonly connections: ConnectionsConfig;
  readonly verify: VerifyConfig;
  readonly limits: LimitsConfig;
  readonly alerts: AlertsConfig;
  /** Where they go and what they are signed with. Never printed. */
  readonly alertSecrets: AlertSecrets;
  readonly log: LogConfig;
  readonly telemetry: TelemetryConfig;
  /** What is sent along with traces. Never printed. */
  readonly telemetryHeaders: Readonly<Record<string, string>>;
  /** Where `sync` brings modules, by name. */
  readonly targets: ReadonlyMap<string, TargetConfig>;
  /** Where each value came from, keyed as in the file: `cache.dir`, `mirror.goproxy.cn.weight`; and `GOPRIVATE`. That of `proxy` is the chain's. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** One line each, for people: ignored keys, skipped mirrors, dangerous settings. */
  readonly warnings: readonly (Text | string)[];
  /** The configuration files that were read, nearest first. */
  readonly files: readonly string[];
};

/**
 * `flag --NAME`, `environment NAME`, `file F:line` or `default`; for go's own settings also what go would read
 * them from, and `as GOPRIVATE` for those that fall back to it.
 */
export type Origin =
  | 'default'
  | `flag ${string}`
  | `environment ${string}`
  | `file ${string}`
  | `go env -w ${string}`
  | '$GOROOT/go.env'
  | 'as GOPRIVATE';

/** The mirrors in front of which Rondo stands, and what the chain says after them. */
export type Chain = {
  /** One pool; the order is no priority (tiers are). Empty for a chain of nothing but `direct` or `off`. */
  readonly mirrors: readonly ConfiguredMirror[];
  readonly end: 'direct' | 'off' | undefined;
  /** The separator before `end`: `,` on 404 and 410 only, `|` on any error. */
  readonly endSeparator: ',' | '|';
  /** Where the chain came from, for people: `environment GOPROXY`, `file …/.goproxy:3`, `the built-in list`. */
  readonly origin: string;
  /** False where a project's file that nobody has trusted gave it: no private path may go to its mirrors. */
  readonly trusted: boolean;
  /** It was kept for another address than the one that go's setting names: used with a warning, not kept again. */
  readonly standIn?: true;
};

/** One mirror as it was configured. */
export type ConfiguredMirror = {
  /** Unique in the chain: the section's name, else the host and base path of the URL. */
  readonly name: string;
  /** http, https or file; no credentials, query or fragment; no slash at the end of the path, except for the root. */
  readonly url: URL;
  /** Value of the Authorization header. Never printed. */
  readonly authorization?: string;
  /** Where the authorization comes from; present with it. Only that of the URL is kept with a chain. */
  readonly authorizationOrigin?: CredentialsOrigin;
  /** 1 … 1000. */
  readonly weight: number;
  /** The next tier is used when no mirror of the earlier ones is left; 0 is first. */
  readonly tier: number;
  /** `*`: everything that is not private; otherwise comma-separated patterns as in GOPRIVATE, that may name private paths. */
  readonly match: string;
  /** Path of the probe below the mirror's base URL, starting with `/`. */
  readonly probePath: string;
};

/** What go itself would use; raw texts, Go's own defaults applied. */
export type GoSettings = {
  readonly goprivate: string;
  /** Falls back to GOPRIVATE. */
  readonly gonoproxy: string;
  /** Falls back to GOPRIVATE. */
  readonly gonosumdb: string;
  /** Falls back to `$GOROOT/go.env`, then to `sum.golang.org`. */
  readonly gosumdb: string;
  readonly goinsecure: string;
};

/** [server] */
export type ServerConfig = {
  /** Host without brackets, and port (0: any free one). */
  readonly listen: Address;
  /** `''`, or a path that starts with `/` and does not end with one. */
  readonly basePath: string;
  /** Whether `serve` speaks TLS; `exec`, whose proxy nobody else reaches, never does. */
  readonly tls: boolean;
  /** Absolute paths. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Whoever has it may use the API, and nobody else. Never printed. */
  readonly adminToken?: string;
  /** How long running requests may take to end after a stop was asked for. */
  readonly drainMs: number;
};

/** [cache] */
export type CacheConfig = {
  /** Absolute path. */
  readonly dir: string;
  /** What Rondo writes takes no more than this. */
  readonly maxBytes: number;
  /** So much of the disk stays free. */
  readonly minFreeBytes: number;
  /** Modules that are never given up: patterns as in GOPRIVATE. */
  readonly pin?: string;
  readonly memoryBytes: number;
  /** How long a body is held back before its first bytes are passed on; `whole`: until all of it is verified. */
  readonly holdMs: number | 'whole';
  readonly freshTtlMs: number;
  readonly refreshWaitMs: number;
  readonly staleMaxQueryMs: number;
  readonly negativeTtlMs: number;
  /** How long versions are kept that no mirror lists any more. */
  readonly listHoldMs: number;
};

/** [selection] */
export type SelectionConfig = {
  readonly pinMs: number;
  /** What each failure in a row takes off the score. */
  readonly scoreStep: number;
  readonly scoreFloor: number;
  /** From the floor back to 1 after a trial that went well. */
  readonly climbMs: number;
  /** Pins may drive a mirror so many total weights into debt. */
  readonly pinDebt: number;
  /** A mirror that takes so many times as long as the best has no pins. */
  readonly pinSlowdown: number;
  /** A mirror that takes so many times as long as the best loses no weight yet. */
  readonly speedTolerance: number;
  /** The least that is left of a slow mirror's weight. */
  readonly speedFloor: number;
  /** How fast a mirror's speed is forgotten. */
  readonly speedMemoryMs: number;
};

/** [timeouts] */
export type TimeoutsConfig = {
  readonly connectMs: number;
  readonly tlsMs: number;
  /** No header for so long: the next mirror starts beside it, and if that answers this one is charged. */
  readonly headerSoftMs: number;
  readonly headerMs: number;
  readonly bodyIdleMs: number;
  readonly minRateBytesPerSecond: number;
  readonly minRateWindowMs: number;
  /** For a whole request until a body flows. */
  readonly deadlineMs: number;
  /** How long one hard 404 waits for the others to agree. */
  readonly agreementMs: number;
};

/** [retry] */
export type RetryConfig = {
  readonly delayMs: number;
  readonly delayMaxMs: number;
  /** Revisits a request, on average. */
  readonly budgetRatio: number;
  readonly budgetPerSecond: number;
  /** How often in a row a mirror that broke a zip off is asked for the rest before any other. */
  readonly resumes: number;
};

/** [hedge] */
export type HedgeConfig = {
  readonly minMs: number;
  readonly maxMs: number;
  /** The wait before enough answers were seen. */
  readonly firstMs: number;
  readonly samples: number;
  /** So many at once; 0 switches hedging off. */
  readonly tokens: number;
  readonly perRequest: number;
};

/** [race] */
export type RaceConfig = {
  /** Silence that makes a body slow; 0: no body is ever raced. */
  readonly afterMs: number;
  /** Of the best mirror's usual rate: less is slow. */
  readonly share: number;
  /** That rate where it is not known, bytes a second. */
  readonly assumedBytesPerS: number;
  /** A body with no more than this to go is let be. */
  readonly leftBytes: number;
};

/** [breaker] */
export type BreakerConfig = {
  readonly failures: number;
  /** For a mirror that fails often anyway. */
  readonly failuresMax: number;
  /** Fewer successes than this share open the gate, … */
  readonly successShare: number;
  readonly successWindowMs: number;
  /** … of so many requests at least. */
  readonly successRequests: number;
  /** While this process is so late, time-outs are charged to nobody. */
  readonly lagMs: number;
  /** 503 in a row. */
  readonly unavailable: number;
  readonly probeFailures: number;
  readonly openMinMs: number;
  readonly openMaxMs: number;
  readonly coolMaxMs: number;
  readonly quarantineMs: number;
};

/** [early] */
export type EarlyConfig = {
  /** 0: nothing is asked early. */
  readonly atOnce: number;
  readonly perMinute: number;
};

/** [probe] */
export type ProbeConfig = {
  readonly intervalMs: number;
  /** 0 … 1, of the interval, either way. */
  readonly jitter: number;
  readonly timeoutMs: number;
  /** For mirrors without a path of their own. */
  readonly path: string;
  /** The module whose list every mirror is asked for, to see who lags behind. */
  readonly canary: string;
  /** 0: never. */
  readonly canaryIntervalMs: number;
  /** A mirror that lags so much more than the freshest is behind. */
  readonly behindMs: number;
};

/** [connections]: a mirror each. */
export type ConnectionsConfig = {
  readonly max: number;
  readonly idleMs: number;
  readonly keepAliveMs: number;
  /** Attempts that wait for their first byte: the limit adapts between these. */
  readonly slotsMin: number;
  readonly slotsMax: number;
  /** A mirror at a public address may redirect to private ones. */
  readonly privateRedirects: boolean;
};

/** [verify] */
export type VerifyConfig = {
  readonly mode: VerifyMode;
  /** The checksum database is asked itself where the mirrors do not give it. */
  readonly direct: boolean;
};

/** `required`: no file without a record; `when-possible`: go on if the database cannot be reached; `off`. */
export type VerifyMode = 'required' | 'when-possible' | 'off';

/** [target "name"] */
export type TargetConfig = {
  /** An absolute path, or an http, https or file URL. */
  readonly to: string;
};
