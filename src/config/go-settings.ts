import type { GoSettings, Origin } from './config.ts';

/** Go's own settings as its files have them (host/go-env.ts reads them). */
export type GoFiles = {
  /** What `go env -w` wrote. */
  readonly user: ReadonlyMap<string, string>;
  /** `$GOROOT/go.env`; empty without Go on the machine. */
  readonly goroot: ReadonlyMap<string, string>;
};

/** The value of Go's environment variables by name; an empty one is unset (cfg.Getenv). */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value go would use: the environment unless empty, then what `go env -w` wrote, then
 * `$GOROOT/go.env`, which an empty line in the user's file hides (cfg.Getenv, cfg.readEnvFile). `''` if
 * none of them has it.
 */
export function goValue(name: string, env: Environment, files: GoFiles): string {
  return env[name] || (files.user.get(name) ?? files.goroot.get(name) ?? '');
}

/** Which modules are private and which database is trusted, with Go's defaults (cfg.GOPROXY and its neighbours). */
export function readGoSettings(env: Environment, files: GoFiles): GoSettings {
  const goprivate = goValue('GOPRIVATE', env, files);
  return {
    goprivate,
    gonoproxy: goValue('GONOPROXY', env, files) || goprivate,
    gonosumdb: goValue('GONOSUMDB', env, files) || goprivate,
    gosumdb: goValue('GOSUMDB', env, files) || 'sum.golang.org',
    goinsecure: goValue('GOINSECURE', env, files),
  };
}

/** The settings of go by their variables, in the order in which they are shown. */
export const GO_VARIABLES: { readonly [P in keyof GoSettings]: string } = {
  goprivate: 'GOPRIVATE',
  gonoproxy: 'GONOPROXY',
  gonosumdb: 'GONOSUMDB',
  gosumdb: 'GOSUMDB',
  goinsecure: 'GOINSECURE',
};

/** Where each of go's settings came from, by its variable. */
export function goOrigins(env: Environment, files: GoFiles): Map<string, Origin> {
  const goprivate = goOrigin('GOPRIVATE', env, files);
  const fallback = goprivate === 'default' ? 'default' : 'as GOPRIVATE';
  return new Map(
    Object.values(GO_VARIABLES).map((name) => {
      const own = goOrigin(name, env, files);
      const fallsBack = name === 'GONOPROXY' || name === 'GONOSUMDB';
      return [name, own === 'default' && fallsBack ? fallback : own];
    }),
  );
}

/** By the order of goValue; an empty value anywhere means Go's own default. */
function goOrigin(name: string, env: Environment, files: GoFiles): Origin {
  if (env[name]) return `environment ${name}`;
  const user = files.user.get(name);
  if (user !== undefined) return user === '' ? 'default' : `go env -w ${name}`;
  return files.goroot.get(name) ? '$GOROOT/go.env' : 'default';
}
