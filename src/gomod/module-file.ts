/**
 * What a GOPROXY request can name: one file of one module. Module paths and versions are unescaped and
 * already checked (route.ts): whoever holds one of these may build paths and URLs from it.
 */
export type ModuleFile =
  | { readonly kind: 'list'; readonly module: string }
  | { readonly kind: 'latest'; readonly module: string }
  /** A query: a branch, a commit, a tag prefix. Resolves to another version and is never stored as canonical. */
  | { readonly kind: 'query'; readonly module: string; readonly query: string }
  | VersionFile;

/** A file that never changes once published. */
export type VersionFile = {
  readonly kind: 'info' | 'mod' | 'zip';
  readonly module: string;
  /** Canonical: `module.CanonicalVersion(version) == version`. */
  readonly version: string;
};

/** A request to a checksum database (`/sumdb/<db>/…`); `db` may contain slashes. */
export type SumdbFile =
  | { readonly kind: 'sumdb-supported'; readonly db: string }
  | { readonly kind: 'sumdb-latest'; readonly db: string }
  | { readonly kind: 'sumdb-lookup'; readonly db: string; readonly module: string; readonly version: string }
  /** `path` is the validated canonical tile path, `tile/<H>/<L>/<K>[.p/<W>]` or `tile/<H>/data/<K>[.p/<W>]`. */
  | { readonly kind: 'sumdb-tile'; readonly db: string; readonly path: string; readonly data: boolean };

/** Everything that is fetched from a mirror. */
export type RemoteFile = ModuleFile | SumdbFile;
