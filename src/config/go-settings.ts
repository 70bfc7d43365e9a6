import type { GoSettings } from './config.ts';

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
