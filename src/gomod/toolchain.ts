import { say, type Text } from '../words/text.ts';
import { compareGoVersions, parseGoVersion } from './go-version.ts';
import type { VersionFile } from './module-file.ts';

/** An operating system and an architecture by Go's names. */
export type GoPlatform = { readonly os: string; readonly arch: string };

/** A toolchain for one platform. */
export type Toolchain = GoPlatform & {
  /** Without `go`: `1.26.8`. */
  readonly version: string;
};

/** The version that stands in examples and hints. */
export const EXAMPLE_VERSION = '1.26.8';

/** The module that Go itself is published as (cmd/go/internal/toolchain). */
const MODULE = 'golang.org/toolchain';
const PREFIX = 'v0.0.1-go';
const NAME = /^([0-9a-z.]+)\.([a-z0-9]+)-([a-z0-9]+)$/;

/** The zip of a toolchain, as any module's. */
export function toolchainZip({ version, os, arch }: Toolchain): VersionFile {
  return { kind: 'zip', module: MODULE, version: `${PREFIX}${version}.${os}-${arch}` };
}

/** `go1.26.8.linux-amd64`: what a toolchain's folder is called, and how it is named in a version of its module. */
export function toolchainName({ version, os, arch }: Toolchain): string {
  return `go${version}.${os}-${arch}`;
}

/** The toolchain that a line of the list of its module names; undefined for what names none. */
export function listedToolchain(version: string): Toolchain | undefined {
  return version.startsWith(PREFIX)
    ? parseToolchainName(version.slice(PREFIX.length - 'go'.length).trimEnd())
    : undefined;
}

/** The toolchain of that name; undefined for what names none. */
export function parseToolchainName(name: string): Toolchain | undefined {
  const match = NAME.exec(name.startsWith('go') ? name.slice(2) : '');
  const [, version = '', os = '', arch = ''] = match ?? [];
  return match === null || parseGoVersion(version) === undefined ? undefined : { version, os, arch };
}

/**
 * Why there can be no toolchain of this version, for people, or undefined: Go is published like this from 1.21.0 on, and
 * 1.26 alone is a version of the language.
 */
export function whyNoToolchain(version: string): Text | undefined {
  const parsed = parseGoVersion(version);
  if (parsed === undefined)
    return say('it is no version of Go, like {version}', { version: EXAMPLE_VERSION });
  if (compareGoVersions(version, '1.21rc1') < 0 && parsed.kind === '' && Number(parsed.minor) < 21)
    return say('Go is published as a module from 1.21.0 on');
  if (parsed.kind === '' && parsed.patch === undefined)
    return say('it is a version of the language; a toolchain is {version}.0 or later', { version });
  return undefined;
}

const OS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'windows',
  sunos: 'solaris',
};
const ARCH: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  // Node runs on no other than little-endian ones.
  ppc64: 'ppc64le',
};

/** Go's names of what Node calls the machine: `win32` and `x64` are `windows` and `amd64`. */
export function goPlatformOf(platform: NodeJS.Platform, arch: string): GoPlatform {
  return { os: OS[platform] ?? platform, arch: ARCH[arch] ?? arch };
}
