import { resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Config, VerifyMode, Origin } from './config.ts';
import { findConfigFiles } from './find-files.ts';
import { readGoSettings, type Environment } from './go-settings.ts';
import { parseIniFile } from './ini-file.ts';
import { environmentName } from './key.ts';
import { KEYS, TOP_LEVEL, type TopLevel } from './keys.ts';
import { SECTIONS, type SectionName } from './section-keys.ts';
import { createLayer } from './layer.ts';
import { loadChain, type ChainSurroundings } from './load-chain.ts';
import { nearest } from './nearest.ts';
import { networkWarnings, readNetwork, refuseCgiProxy } from './network.ts';
import {
  environmentSource,
  flagSource,
  layerSource,
  readSection,
  type FlagText,
  type Reader,
  type Source,
} from './read-values.ts';
import { loadTrust } from './trust.ts';

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
export type LoadOptions = ChainSurroundings & {
  readonly flags: ConfigFlags;
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
  const { flags, env, cwd, home } = options;
  const named = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  const found = await findConfigFiles({ ...options, named });
  const isTrusted = await loadTrust(options.stateDir);
  const layers = found.files.map(({ path, content, role, hash }) =>
    createLayer(parseIniFile(content, path), path, role !== 'project' || isTrusted(hash)),
  );
  const origins = new Map<string, Origin>();
  const sources = [
    flagSource(flags.texts ?? new Map<string, FlagText>(), cwd),
    environmentSource(env, cwd),
    ...layers.map(layerSource),
  ];
  const reader: Reader = {
    sources: [...sources, defaultDir(options.cacheDir)],
    home,
    origins,
    defaults: true,
  };
  const topLevel = readSection<TopLevel>('', TOP_LEVEL, reader);
  const sections = readSections(reader);
  const listenFlags = [flags.host === undefined ? '' : '--host', flags.port === undefined ? '' : '--port'];
  const listenFlag = listenFlags.filter((flag) => flag !== '').join(' ');
  if (listenFlag !== '') origins.set('server.listen', `flag ${listenFlag}`);
  const listen = {
    host: flags.host ?? sections.server.listen.host,
    port: flags.port ?? sections.server.listen.port,
  };
  const parts = { ...sections, server: { ...sections.server, listen } };
  checkTogether(parts);
  const { chain, warnings } = await loadChain(options, layers, parts, origins);
  const network = readNetwork(env);
  refuseCgiProxy(network, chain);
  return {
    ...parts,
    chain,
    go: readGoSettings(env, options.go),
    network,
    insecure: topLevel.insecure,
    skipsum: topLevel.skipsum,
    errorsAs404: topLevel.errorsAs404,
    origins,
    warnings: [
      ...found.warnings,
      ...layers.flatMap((layer) => layer.warnings),
      ...unknownVariables(env),
      ...warnings,
      ...networkWarnings(network),
      ...dangerous(topLevel, parts.verify.mode),
    ],
    files: layers.map(({ file }) => file),
  };
}

type Sections = Pick<Config, SectionName>;

function readSections(reader: Reader): Sections {
  const read = <S extends SectionName>(section: S): Config[S] =>
    readSection<Config[S]>(section, SECTIONS[section], reader);
  return {
    server: read('server'),
    cache: read('cache'),
    selection: read('selection'),
    timeouts: read('timeouts'),
    retry: read('retry'),
    breaker: read('breaker'),
    probe: read('probe'),
    connections: read('connections'),
    verify: read('verify'),
    limits: read('limits'),
    log: read('log'),
  };
}

/** The default cache folder is the platform's, not the one that the table shows as an example. */
function defaultDir(cacheDir: string): Source {
  return (path) => (path === 'cache.dir' ? { text: cacheDir, origin: 'default', base: cacheDir } : undefined);
}

function checkTogether({ timeouts, retry, breaker }: Sections): void {
  const pairs: [string, number, string, number][] = [
    ['timeouts.header_soft', timeouts.headerSoftMs, 'timeouts.header', timeouts.headerMs],
    ['retry.delay', retry.delayMs, 'retry.delay_max', retry.delayMaxMs],
    ['breaker.open_min', breaker.openMinMs, 'breaker.open_max', breaker.openMaxMs],
  ];
  for (const [lower, lowerMs, upper, upperMs] of pairs) {
    if (lowerMs > upperMs) throw new RondoError('E_CONFIG', `${lower} must not be longer than ${upper}`);
  }
}

/** A misspelt variable would be silently without effect; other tools may own other RONDO_ names. */
function unknownVariables(env: Environment): string[] {
  const known = new Set([...KEYS.keys()].map(environmentName));
  const prefixes = Object.keys(SECTIONS).map((section) => `RONDO_${section.toUpperCase()}_`);
  return Object.keys(env)
    .filter((name) => !known.has(name) && prefixes.some((prefix) => name.startsWith(prefix)))
    .map((name) => {
      const meant = nearest(name, known);
      return `there is no variable ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
}

function dangerous({ insecure, skipsum }: TopLevel, mode: VerifyMode): string[] {
  return [
    ...(insecure ? ['insecure = true: anybody on the way can answer for your mirrors'] : []),
    ...(mode === 'off' ? ['verify mode = off: modules are not checked against the checksum database'] : []),
    ...(skipsum ? ['skipsum = true: modules are not checked against the checksum database'] : []),
  ];
}
