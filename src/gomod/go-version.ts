/** A version of the Go toolchain, taken apart: `1.26.8`, `1.27rc1`, `1.21`. */
export type GoVersion = {
  readonly major: bigint;
  readonly minor: bigint;
  /** Undefined for a version of the language, and before a release candidate. */
  readonly patch: bigint | undefined;
  readonly kind: '' | 'alpha' | 'beta' | 'rc';
  readonly pre: bigint;
};

const VERSION =
  /^([1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8})|(alpha|beta|rc)(0|[1-9]\d{0,8}))?)?$/;

/** Reads one, with or without `go` before it; undefined for what is none (internal/gover.Parse). */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = VERSION.exec(text.replace(/^go/, ''));
  if (match === null) return undefined;
  const [, major = '0', minor, patch, kind, pre = '0'] = match;
  return {
    major: BigInt(major),
    minor: BigInt(minor ?? '0'),
    patch: patch === undefined ? patchOf(minor, kind) : BigInt(patch),
    kind: (kind ?? '') as GoVersion['kind'],
    pre: BigInt(pre),
  };
}

/** Before go 1.21 the first release of a version had no number: go1.20 is go1.20.0. */
function patchOf(minor: string | undefined, kind: string | undefined): bigint | undefined {
  if (kind !== undefined) return undefined;
  return minor === undefined || Number(minor) < 21 ? 0n : undefined;
}

const KINDS = ['', 'alpha', 'beta', 'rc'] as const;

/**
 * Negative if `a` is older than `b` (internal/gover.Compare): 1.21 < 1.21rc1 < 1.21.0. What is no version is older than
 * any.
 */
export function compareGoVersions(a: string, b: string): number {
  const [one, other] = [parseGoVersion(a), parseGoVersion(b)];
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  const order = (x: bigint, y: bigint): number => (x < y ? -1 : Number(x > y));
  return (
    order(one.major, other.major) ||
    order(one.minor, other.minor) ||
    order(one.patch ?? -1n, other.patch ?? -1n) ||
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    order(one.pre, other.pre)
  );
}
