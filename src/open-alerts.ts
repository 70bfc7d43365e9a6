import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { alertsPath, FORGOTTEN, keptText } from './alerts/alert-file.ts';
import { createAlerts, type Alerts } from './alerts/alerts.ts';
import type { Receiver } from './alerts/outbox.ts';
import type { Readings } from './alerts/readings.ts';
import { sendWebhook } from './alerts/send-webhook.ts';
import { alertText } from './alerts/webhook.ts';

export { testAlert } from './alerts/test-alert.ts';
import type { Config } from './config/config.ts';
import type { Bus } from './events/bus.ts';
import type { CertificateFiles, ServerCertificate } from './host/certificate.ts';
import { readDiskSpace } from './host/disk-space.ts';
import { runBounded } from './host/run-bounded.ts';
import { readTrustRoots, rootPlaces } from './host/trust-roots.ts';
import type { Environment } from './host/user-folders.ts';
import type { Clock } from './kit/clock.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import { upstreamSettings } from './settings-map.ts';
import { createPost, type Post } from './upstream/post.ts';
import { createTlsTrust } from './upstream/tls-trust.ts';

/** A round in which each mirror is asked for its list takes less. */
const LEAST_ROUND_MS = 60_000;
const COMMAND_TIMEOUT_MS = 30_000;
/** Nobody reads what the command says, but for the reason why it fails. */
const MAX_COMMAND_BYTES = 256 * 1024;
const LONGEST_WORDS = 300;

/** What alerts need of the running parts. */
export type AlertsSurroundings = {
  readonly bus: Pick<Bus, 'subscribe' | 'emit'>;
  readonly clock: Clock;
  readonly mirrors: Pick<Mirrors, 'views'>;
  /** Rondo's own certificate and where it lies; absent where it speaks no TLS. */
  readonly tls?: { readonly files: CertificateFiles } | undefined;
  readonly certificate: () => ServerCertificate | undefined;
  /** What a command is run with; absent: nobody is told of anything. */
  readonly alertsEnv?: Environment;
  /** As for AskingOptions. */
  readonly platform: NodeJS.Platform;
  readonly offline: boolean;
};

/** The alerts of a server; undefined where nobody is to be told. Nothing is read or sent before its start. */
export function openAlerts(config: Config, surroundings: AlertsSurroundings): Alerts | undefined {
  const { alerts, cache, server, probe } = config;
  const { bus, clock, alertsEnv: env, offline } = surroundings;
  const receivers = env === undefined || offline ? [] : receiversOf(config, { ...surroundings, env });
  if (receivers.length === 0) return undefined;
  const path = alertsPath(cache.dir, server.listen);
  return createAlerts({
    subscribe: (sink) => bus.subscribe(sink),
    emit: bus.emit,
    clock,
    receivers,
    kinds: new Set(alerts.kinds),
    limits: {
      ...alerts,
      // A lag is counted from the first round on, which is half an interval away.
      lagBlindMs: Math.max(LEAST_ROUND_MS, probe.canaryIntervalMs) + alerts.syncLagMs,
    },
    patience: alerts,
    read: () => readAll(cache.dir, surroundings),
    kept: path === undefined ? FORGOTTEN : keptText(path),
  });
}

/** What receivers are told with. */
export type Telling = Pick<AlertsSurroundings, 'clock' | 'platform'> & { readonly env: Environment };

/** Who is told, as configured. */
export function receiversOf(config: Config, { clock, platform, env }: Telling): Receiver[] {
  const {
    alerts,
    alertSecrets,
    server: { listen },
  } = config;
  const { command } = alerts;
  const { webhook, secret } = alertSecrets;
  // Any free port is another one each time, and says nothing.
  const server = listen.port === 0 ? hostname() : `${hostname()}:${listen.port}`;
  const settings = webhook === undefined ? undefined : { url: new URL(webhook), secret, server };
  const post = postOf(config, { clock, platform });
  return [
    ...(settings === undefined
      ? []
      : [
          {
            name: 'webhook',
            send: (alert, signal) => sendWebhook(alert, settings, { post, clock }, signal),
          } satisfies Receiver,
        ]),
    ...(command === undefined ? [] : [commandReceiver(command, server, clock, env)]),
  ];
}

/** By the way that mirrors are asked by. Nothing is read before the first. */
function postOf(config: Config, { clock, platform }: Pick<Telling, 'clock' | 'platform'>): Post {
  const trust = createTlsTrust(() => readTrustRoots(rootPlaces(platform), config.network));
  // `insecure` is for mirrors.
  return createPost({ ...upstreamSettings(config), insecure: false }, { trust, clock });
}

function commandReceiver(command: string, server: string, clock: Clock, env: Environment): Receiver {
  return {
    name: 'command',
    async send(alert, signal) {
      const run = await runBounded(command, [], {
        env,
        cwd: dirname(command),
        timeoutMs: COMMAND_TIMEOUT_MS,
        maxBytes: MAX_COMMAND_BYTES,
        clock,
        signal,
        input: `${alertText(alert, server)}\n`,
      });
      if (run.kind === 'late') throw new Error(`it was not over within ${COMMAND_TIMEOUT_MS / 1000} s`);
      if (run.kind === 'large') throw new Error('it writes too much');
      if (run.kind === 'not-run') throw new Error(run.why);
      const [words = ''] = run.stderr.trim().split('\n');
      if (!run.ok) throw new Error(words.slice(0, LONGEST_WORDS) || 'it ended with an error');
    },
  };
}

async function readAll(folder: string, { mirrors, tls, certificate }: AlertsSurroundings): Promise<Readings> {
  // One that is left out for good is nobody's concern.
  const views = mirrors.views().flatMap(({ up, ...view }) => (up === undefined ? [] : { up, ...view }));
  const own = certificate();
  const disk = await readDiskSpace(folder);
  return {
    mirrors: views,
    certificates: [
      ...views.flatMap(({ name, certificateUntilMs: validUntilMs }) =>
        validUntilMs === undefined ? [] : { of: name, validUntilMs },
      ),
      ...(tls === undefined || own === undefined
        ? []
        : [{ of: tls.files.certFile, validUntilMs: own.leaf.validToDate.getTime() }]),
    ],
    ...(disk !== undefined && { disk: { folder, ...disk } }),
  };
}
