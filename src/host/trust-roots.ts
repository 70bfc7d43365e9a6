import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** What the environment says of trusted certificates: SSL_CERT_FILE, and SSL_CERT_DIR with colons between. */
export type RootVariables = {
  readonly certFile?: string | undefined;
  readonly certDirs?: string | undefined;
};

/** Where a system keeps its trusted certificates: the first file that there is, and all folders. */
export type RootPlaces = { readonly files: readonly string[]; readonly folders: readonly string[] };

const LINUX: RootPlaces = {
  files: [
    '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Gentoo
    '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL 6
    '/etc/ssl/ca-bundle.pem', // openSUSE
    '/etc/pki/tls/cacert.pem', // OpenELEC
    '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // CentOS and RHEL 7
    '/etc/ssl/cert.pem', // Alpine Linux
  ],
  folders: ['/etc/ssl/certs', '/etc/pki/tls/certs'],
};

const BSD: RootPlaces = {
  files: [
    '/usr/local/etc/ssl/cert.pem', // FreeBSD
    '/etc/ssl/cert.pem', // OpenBSD
    '/usr/local/share/certs/ca-root-nss.crt', // DragonFly
    '/etc/openssl/certs/ca-certificates.crt', // NetBSD
  ],
  folders: ['/etc/ssl/certs', '/usr/local/share/certs', '/etc/openssl/certs'],
};

const ANDROID: RootPlaces = {
  files: LINUX.files,
  folders: [...LINUX.folders, '/system/etc/security/cacerts', '/data/misc/keychain/certs-added'],
};

const SOLARIS: RootPlaces = {
  files: ['/etc/certs/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/cacert.pem'],
  folders: ['/etc/certs/CA'],
};

const AIX: RootPlaces = { files: ['/var/ssl/certs/ca-bundle.crt'], folders: ['/var/ssl/certs'] };

/** Larger than any collection of certificates. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Go's own lists (crypto/x509: root_linux.go, root_bsd.go, root_solaris.go, root_aix.go). Undefined for macOS and
 * Windows, where the system is asked and no file is read.
 */
export function rootPlaces(platform: NodeJS.Platform): RootPlaces | undefined {
  switch (platform) {
    case 'darwin':
    case 'win32':
    case 'cygwin':
      return undefined;
    case 'freebsd':
    case 'openbsd':
    case 'netbsd':
      return BSD;
    case 'android':
      return ANDROID;
    case 'sunos':
      return SOLARIS;
    case 'aix':
      return AIX;
    case 'linux':
    case 'haiku':
      return LINUX;
  }
}

/**
 * The certificates that this machine trusts, in PEM, each once, found as Go finds them (x509.loadSystemRoots): the
 * first readable file of the system's list, or SSL_CERT_FILE alone; and all files of the system's folders, or of
 * those in SSL_CERT_DIR. So SSL_CERT_FILE by itself adds to the folders. Variables are for Unix but macOS.
 * Undefined where the system keeps none in files, or has none at all.
 * @throws RondoError E_CONFIG where the variables lead to no certificate: who sets them means no others.
 */
export async function readTrustRoots(
  places: RootPlaces | undefined,
  { certFile, certDirs }: RootVariables,
): Promise<readonly string[] | undefined> {
  if (places === undefined) return undefined;
  const found = new Set<string>();
  for (const file of certFile === undefined ? places.files : [certFile]) {
    const text = await readRegularFile(file);
    for (const pem of certificatesIn(text ?? '')) found.add(pem);
    if (text !== undefined) break;
  }
  for (const folder of certDirs === undefined ? places.folders : certDirs.split(':')) {
    for (const file of await filesOf(folder)) {
      for (const pem of certificatesIn((await readRegularFile(file)) ?? '')) found.add(pem);
    }
  }
  if (found.size > 0) return [...found];
  if (certFile === undefined && certDirs === undefined) return undefined;
  if (certFile !== undefined && certDirs !== undefined)
    throw new RondoError('E_CONFIG', say('no certificate is where SSL_CERT_FILE and SSL_CERT_DIR lead'), {
      hint: say('unset {list}', { list: 'SSL_CERT_FILE SSL_CERT_DIR' }),
    });
  const name = certFile === undefined ? 'SSL_CERT_DIR' : 'SSL_CERT_FILE';
  throw new RondoError('E_CONFIG', say('no certificate is where {name} leads', { name }), {
    hint: say('unset {list}', { list: name }),
  });
}

/** x509.AppendCertsFromPEM: other blocks (`TRUSTED CERTIFICATE`, keys) and words between do not count. */
function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** The files of a folder, without links to others of it: OpenSSL's hashed names (x509.readUniqueDirectoryEntries). */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const entry of entries) {
    const file = join(folder, entry.name);
    const target = entry.isSymbolicLink() ? await readlink(file).catch(() => '') : '/';
    if (target.includes('/')) files.push(file);
  }
  return files.toSorted((one, other) => (one < other ? -1 : 1));
}

/** Nothing for what is not there, may not be read, or is no file: a pipe would never end. */
async function readRegularFile(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file).then((stats) => (stats.isFile() ? stats : { size: Infinity }));
    return size > MAX_BYTES ? undefined : await readFile(file, 'latin1');
  } catch {
    return undefined;
  }
}
