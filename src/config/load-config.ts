import { say, type Text } from '../words/text.ts';
import { resolve } from 'node:path';
import type { Config, VerifyMode, Origin } from './config.ts';
import { findConfigFiles } from './find-files.ts';
import { goOrigins, readGoSettings } from './go-settings.ts';
import { parseIniFile } from './ini-file.ts';
import type { TopLevel } from './keys.ts';
import { checkTogether, conflictsOf, defaultDir, readSections } from './read-sections.ts';
import { createLayer, ignoredWarnings, ignoring, type Layer } from './layer.ts';
import { loadKeptChains } from './kept-chain.ts';
import { loadAlertSecrets } from './load-alert-secrets.ts';
import { loadChain, type ChainSurroundings } from './load-chain.ts';
import { networkWarnings, readNetwork, refuseCgiProxy } from './network.ts';
import { hide, quote } from './quote.ts';
import { raise } from './report.ts';
import { environmentSource, flagSource, layerSource, type FlagText, type Reader } from './read-values.ts';
import { readTargetSections } from './target-sections.ts';
import { loadTelemetryHeaders } from './load-telemetry-headers.ts';
import { otelSource } from './otel-source.ts';
import { loadTrust } from './trust.ts';
import { unknownVariables } from './unknown-variables.ts';

/** What the command line may say about the configuration. */
export type ConfigFlags = {
  /** --config: read this file and no other. */
  readonly config?: string;
  /** --host and --port: the two parts of `server.listen`. */
  readonly host?: string;
  readonly port?: number;
  /** Every other key, by its path. */
  readonly texts?: ReadonlyMap<string, FlagText>;
};

/** Everything that the configuration depends on besides its files. */
export type LoadOptions = Omit<ChainSurroundings, 'kept'> & {
  readonly flags: ConfigFlags;
  /** The user's folder for what Rondo remembers. */
  readonly stateDir: string;
  readonly cwd: string;
  /** The user's folders for Rondo (host/user-folders.ts). */
  readonly cacheDir: string;
  readonly configDir: string;
  /** The user's id; undefined on Windows. */
  readonly uid: number | undefined;
};

/**
 * The effective configuration: flag, environment, file, default (spec config.md).
 * @throws RondoError of kind `usage`; its message names the file and line, variable or flag.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { flags, env, cwd } = options;
  const named = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  // Together: under load each step of a reload waits for its turn in the event loop.
  const [found, trust, kept] = await Promise.all([
    findConfigFiles({ ...options, named }),
    loadTrust(options.stateDir),
    loadKeptChains(options.stateDir),
  ]);
  const { layers, origins, topLevel, sections } = readLayers(
    found.files.map(({ path, content, role, hash }) => {
      const trusted = role !== 'project' || trust.isTrusted(hash);
      return createLayer(parseIniFile(content, path, raise, trusted ? quote : hide), path, trusted);
    }),
    options,
  );
  const listenFlags = [flags.host === undefined ? '' : '--host', flags.port === undefined ? '' : '--port'];
  const listenFlag = listenFlags.filter((flag) => flag !== '').join(' ');
  if (listenFlag !== '') origins.set('server.listen', `flag ${listenFlag}`);
  const listen = {
    host: flags.host ?? sections.server.listen.host,
    port: flags.port ?? sections.server.listen.port,
  };
  const parts = { ...sections, server: { ...sections.server, listen } };
  checkTogether(parts, origins);
  const targets = readTargetSections(layers, options.home, origins);
  const { chain, warnings } = await loadChain({ ...options, kept }, layers, parts, origins);
  // Read like every other key, but the chain has levels of its own.
  origins.delete('proxy');
  for (const [name, origin] of goOrigins(env, options.go)) origins.set(name, origin);
  const network = readNetwork(env);
  refuseCgiProxy(network, chain);
  return {
    ...parts,
    alertSecrets: await loadAlertSecrets(parts.alerts, env),
    chain,
    targets,
    telemetryHeaders: await loadTelemetryHeaders(parts.telemetry, env, origins),
    go: readGoSettings(env, options.go),
    network,
    insecure: topLevel.insecure,
    skipsum: topLevel.skipsum,
    errorsAs404: topLevel.errorsAs404,
    origins,
    warnings: [
      ...found.warnings,
      ...(trust.warning !== undefined && layers.some(({ trusted }) => !trusted) ? [trust.warning] : []),
      ...layers.flatMap(ignoredWarnings),
      ...unknownVariables(env),
      ...warnings,
      ...networkWarnings(network),
      ...dangerous(topLevel, parts.verify.mode),
    ],
    files: layers.map(({ file }) => file),
  };
}

/** What all sources say of the keys with fixed names. */
type ReadLayers = ReturnType<typeof readSections> & {
  readonly layers: readonly Layer[];
  readonly origins: Map<string, Origin>;
};

/** Reads all layers. What an untrusted one says is ignored where it does not go together with the rest: a checkout stops no command. */
function readLayers(layers: readonly Layer[], options: LoadOptions): ReadLayers {
  const { flags, env, cwd, home, cacheDir } = options;
  const origins = new Map<string, Origin>();
  const sources = [
    flagSource(flags.texts ?? new Map<string, FlagText>(), cwd),
    environmentSource(env, cwd),
    otelSource(env, cwd),
    ...layers.map(layerSource),
    defaultDir(cacheDir),
  ];
  const reader: Reader = { sources, home, origins, defaults: true };
  const read = readSections(reader);
  const strangers = layers.filter(({ trusted }) => !trusted).map(layerSource);
  const strange = conflictsOf(read.sections)
    .flatMap(({ lower, upper }) => [lower.path, upper.path])
    .filter((path) => strangers.some((source) => source(path)?.origin === origins.get(path)));
  if (strange.length === 0) return { ...read, layers, origins };
  const fewer = layers.map((layer) => (layer.trusted ? layer : ignoring(layer, new Set(strange))));
  return readLayers(fewer, options);
}

function dangerous({ insecure, skipsum }: TopLevel, mode: VerifyMode): Text[] {
  return [
    ...(insecure ? [say('insecure = true: anybody on the way can answer for your mirrors')] : []),
    ...(mode === 'off'
      ? [say('verify mode = off: modules are not checked against the checksum database')]
      : []),
    ...(skipsum ? [say('skipsum = true: modules are not checked against the checksum database')] : []),
  ];
}
