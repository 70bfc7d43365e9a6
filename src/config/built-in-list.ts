import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { addressOf } from '../kit/address.ts';

/** Public mirrors of Go modules that are reachable where Go's own default may not be. */
const PUBLIC_MIRRORS = 'https://goproxy.cn,https://mirrors.aliyun.com/goproxy/,https://goproxy.io';

/** A public mirror more, which `rondo init` tries: it lacks too much to stand in for the others unasked. */
const MORE_MIRRORS = 'https://goproxy.bj.bcebos.com';

const BUILT_IN = 'the built-in list';
const BUILT_IN_AND_GO = `${BUILT_IN} and $GOROOT/go.env`;

/** GOPROXY as `$GOROOT/go.env` states it; undefined without Go on the machine, or without that line. */
export type GorootProxy = string | undefined;

/**
 * The list for machines on which nobody has set anything: the public mirrors, then Go's own default as
 * `$GOROOT/go.env` states it. A go.env whose mirrors are not Go's (under golang.org) is somebody's
 * choice: it is used alone, so that private paths never reach mirrors that nobody chose.
 */
export function builtInList(goroot: GorootProxy): { readonly text: string; readonly origin: string } {
  if (!goroot) return { text: PUBLIC_MIRRORS, origin: BUILT_IN };
  if (!isShippedDefault(goroot)) return { text: goroot, origin: '$GOROOT/go.env' };
  return { text: `${PUBLIC_MIRRORS},${goroot}`, origin: BUILT_IN_AND_GO };
}

/** Whether nobody has chosen this chain. */
export function isBuiltIn({ origin }: { readonly origin: string }): boolean {
  return origin === BUILT_IN || origin === BUILT_IN_AND_GO;
}

/**
 * Whether a mirror of that host is one that everybody knows, whatever Go is on the machine or none: the public mirrors,
 * and Go's own.
 */
export function isPublicMirror(host: string): boolean {
  const known = knownMirrors(undefined).map((url) => addressOf(new URL(url)).host);
  return known.includes(host) || isGos(host);
}

/** URLs of all public mirrors that Rondo knows, Go's own as `$GOROOT/go.env` states it among them. */
export function knownMirrors(goroot: GorootProxy): string[] {
  const own = goroot !== undefined && isShippedDefault(goroot) ? `,${goroot}` : '';
  return parseGoproxyList(`${PUBLIC_MIRRORS},${MORE_MIRRORS}${own}`).entries.map(({ url }) => url);
}

function isShippedDefault(text: string): boolean {
  try {
    const hosts = parseGoproxyList(text).entries.map(({ url }) => addressOf(new URL(url)).host);
    return hosts.length > 0 && hosts.every(isGos);
  } catch {
    return false; // Not Go's own either; reading the chain will say what is wrong with it.
  }
}

function isGos(host: string): boolean {
  return host === 'golang.org' || host.endsWith('.golang.org');
}
