import { key, keyPath, UNTRUSTED, type Key, type SectionKeys } from './key.ts';
import { SECTIONS } from './section-keys.ts';
import * as values from './values.ts';

/** The keys before the first section. */
export type TopLevel = {
  readonly proxy?: string;
  readonly insecure: boolean;
  readonly skipsum: boolean;
  readonly errorsAs404: boolean;
};

/** What a [mirror "name"] section may say. */
export type MirrorValues = {
  readonly url?: string;
  readonly weight?: number;
  readonly tier?: number;
  readonly match?: string;
  readonly probePath?: string;
  readonly loginEnv?: string;
  readonly loginFile?: string;
  readonly tokenEnv?: string;
  readonly tokenFile?: string;
};

/** Keys before the first section. */
export const TOP_LEVEL: SectionKeys<TopLevel> = {
  proxy: key(
    'proxy',
    values.textAs('a list as in GOPROXY'),
    undefined,
    'the mirrors, as in GOPROXY',
    UNTRUSTED,
  ),
  insecure: key('insecure', values.flag, 'false', 'do not check the TLS certificates of mirrors'),
  skipsum: key('skipsum', values.flag, 'false', 'do not check the checksum database'),
  errorsAs404: key(
    'errors_as_404',
    values.flag,
    'false',
    'answer outages with 404, so that go tries ,direct',
  ),
};

/** Keys of a [mirror "name"] section. */
export const MIRROR: SectionKeys<MirrorValues> = {
  url: key(
    'url',
    values.textAs('an http, https or file URL'),
    undefined,
    'the base URL; without it the section tunes a mirror of proxy',
  ),
  weight: key('weight', values.integer(1, 1000), '10', 'its share of the requests', UNTRUSTED),
  tier: key('tier', values.integer(0, 100), '0', 'used when no mirror of a lower tier is left to try'),
  match: key('match', values.patterns, '*', 'modules it is asked for; patterns may name private ones'),
  probePath: key('probe', values.urlPath, undefined, 'path of its health check, if not that of [probe]'),
  loginEnv: key('login_env', values.variableName, undefined, 'the variable that holds user:password'),
  loginFile: key('login_file', values.textAs('a file'), undefined, 'the file that holds user:password', {
    path: true,
  }),
  tokenEnv: key('token_env', values.variableName, undefined, 'the variable that holds a bearer token'),
  tokenFile: key('token_file', values.textAs('a file'), undefined, 'the file that holds a bearer token', {
    path: true,
  }),
};

/** What a [target "name"] section may say. */
export type TargetValues = { readonly to?: string };

/** Keys of a [target "name"] section. An untrusted file sets none: what is there would be written over, or sent away. */
export const TARGET: SectionKeys<TargetValues> = {
  to: key('to', values.syncPlace, undefined, 'where rondo sync --target NAME brings modules', {
    path: 'unless a URL',
  }),
};

/** Every key with a fixed name, by its path: `proxy`, `cache.dir`. The keys of mirrors are MIRROR's. */
export const KEYS: ReadonlyMap<string, Key<unknown>> = new Map(
  Object.entries<Record<string, Key<unknown>>>({ '': TOP_LEVEL, ...SECTIONS }).flatMap(([section, keys]) =>
    Object.values(keys).map((each) => [keyPath(section, each.name), each] as const),
  ),
);
