/** What people can be told of; the names that [alerts] kinds takes. */
export const ALERT_KINDS = ['mirror-down', 'outage', 'certificate', 'sync-lag', 'integrity', 'disk'] as const;

/** [alerts]: nobody is told of anything without a webhook or a command. */
export type AlertsConfig = {
  /** An http or https URL without a login. A secret: chat services have a token in it. */
  readonly webhook?: string;
  readonly webhookEnv?: string;
  /** Absolute path. */
  readonly webhookFile?: string;
  readonly secretEnv?: string;
  /** Absolute path. */
  readonly secretFile?: string;
  /** Absolute path of a program. */
  readonly command?: string;
  readonly kinds: readonly (typeof ALERT_KINDS)[number][];
  /** A certificate that ends sooner is told of. */
  readonly certificateMs: number;
  /** As is a mirror that lags so much. */
  readonly syncLagMs: number;
  /** And a disk of which less than this share is free. */
  readonly diskShare: number;
  /** How long a mirror is down or lags before that is told. */
  readonly afterMs: number;
  /** How long anything is over before that is told. */
  readonly clearMs: number;
};

/** What [alerts] names and nothing shows. */
export type AlertSecrets = {
  /** Where alerts are posted; undefined: nowhere. */
  readonly webhook?: string;
  /** What they are signed with; undefined: they are not. */
  readonly secret?: string;
};
