/** The pairs of GOOS and GOARCH that Go has (internal/platform/zosarch.go of Go 1.26), broken ports among them. */
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  aix: ['ppc64'],
  android: ['386', 'amd64', 'arm', 'arm64'],
  darwin: ['amd64', 'arm64'],
  dragonfly: ['amd64'],
  freebsd: ['386', 'amd64', 'arm', 'arm64', 'riscv64'],
  illumos: ['amd64'],
  ios: ['amd64', 'arm64'],
  js: ['wasm'],
  linux: [
    '386',
    'amd64',
    'arm',
    'arm64',
    'loong64',
    'mips',
    'mips64',
    'mips64le',
    'mipsle',
    'ppc64',
    'ppc64le',
    'riscv64',
    's390x',
    'sparc64',
  ],
  netbsd: ['386', 'amd64', 'arm', 'arm64'],
  openbsd: ['386', 'amd64', 'arm', 'arm64', 'mips64', 'ppc64', 'riscv64'],
  plan9: ['386', 'amd64', 'arm'],
  solaris: ['amd64'],
  wasip1: ['wasm'],
  windows: ['386', 'amd64', 'arm64'],
};

/** The operating systems by Go's names. */
export const GO_SYSTEMS: readonly string[] = Object.keys(PLATFORMS);

/** The architectures by Go's names. */
export const GO_ARCHITECTURES: readonly string[] = [...new Set(Object.values(PLATFORMS).flat())].sort();

/** Those that Go has for an operating system; none for one that it does not know. */
export function architecturesOf(os: string): readonly string[] {
  return Object.hasOwn(PLATFORMS, os) ? (PLATFORMS[os] ?? []) : [];
}
