import { createHash } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import { quoted } from './quoted.ts';

/** Which checksum database the user trusts. */
export type Gosumdb =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'database';
      /** `host[/path]`; no element is empty, `.` or `..`. */
      readonly name: string;
      /** The verifier key, `<name>+<hash>+<base64>`. */
      readonly key: string;
      /** Where go asks it, past every proxy; without one go asks through the proxies first. */
      readonly url?: URL;
    };

/** The databases whose key the go command knows (modfetch.knownGOSUMDB). */
const KNOWN_KEYS: ReadonlyMap<string, string> = new Map([
  ['sum.golang.org', 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'],
]);

/** The same database under a name that is reachable inside mainland China (modfetch.dbDial). */
const ALIAS = 'sum.golang.google.cn';
const ALIAS_MEANS = `sum.golang.org https://${ALIAS}`;

const ED25519 = 1;

/**
 * Reads the value of GOSUMDB: `off`, a known name, or `<key>`, the latter two perhaps followed by a URL
 * (modfetch.dbDial, note.NewVerifier). Stricter than go on the name, which becomes a folder of the copy,
 * and on the URL. Throws RondoError E_CONFIG.
 */
export function parseGosumdb(text: string): Gosumdb {
  if (text === 'off') return { kind: 'off' };
  const [keyOrName, urlText, ...more] = fieldsOf(text);
  if (keyOrName === undefined) throw new RondoError('E_CONFIG', 'GOSUMDB is empty');
  if (more.length > 0) throw new RondoError('E_CONFIG', 'GOSUMDB has more than a key and a URL');
  const key = KNOWN_KEYS.get(keyOrName) ?? keyOrName;
  const name = verifierName(key);
  checkDatabaseName(name);
  if (urlText === undefined) return { kind: 'database', name, key };
  const url = URL.parse(urlText);
  if (url === null || !['http:', 'https:', 'file:'].includes(url.protocol)) {
    throw new RondoError('E_CONFIG', 'GOSUMDB has a URL that is none of http, https or file');
  }
  return { kind: 'database', name, key, url };
}

/**
 * The GOSUMDB that trusts the same database but lets go ask for it through the proxy: with a URL, and under
 * the alias, go would go past it (spec protocol.md). Throws RondoError E_CONFIG like parseGosumdb.
 */
export function keyOnlyForm(text: string): string {
  if (parseGosumdb(text).kind === 'off') return 'off';
  return fieldsOf(text)[0] ?? text;
}

function fieldsOf(text: string): string[] {
  return (text === ALIAS ? ALIAS_MEANS : text).split(/\s+/).filter((field) => field !== '');
}

/** The name inside a verifier key whose parts agree (note.NewVerifier). */
function verifierName(key: string): string {
  const match = /^([^+]+)\+([0-9A-Fa-f]{8})\+([0-9A-Za-z+/]+={0,2})$/.exec(key);
  if (match === null) {
    throw new RondoError(
      'E_CONFIG',
      `GOSUMDB is neither off, a known name nor a verifier key: ${quoted(key)}`,
    );
  }
  const [, name = '', hash = '', base64 = ''] = match;
  const bytes = Buffer.from(base64, 'base64');
  const digest = createHash('sha256').update(`${name}\n`).update(bytes).digest();
  if (digest.readUInt32BE(0) !== Number.parseInt(hash, 16)) {
    throw new RondoError('E_CONFIG', `GOSUMDB has a verifier key whose hash does not fit: ${quoted(key)}`);
  }
  if (bytes[0] !== ED25519 || bytes.length !== 33 || base64.length !== 44) {
    throw new RondoError('E_CONFIG', `GOSUMDB has a verifier key that is not Ed25519: ${quoted(key)}`);
  }
  return name;
}

function checkDatabaseName(name: string): void {
  const [host = '', ...folders] = name.split('/');
  const valid =
    /^[0-9A-Za-z._:[\]-]+$/.test(host) &&
    folders.every((folder) => /^[0-9A-Za-z._~$&,:;=@-]+$/.test(folder)) &&
    ![host, ...folders].some((element) => /^\.+$/.test(element)) &&
    URL.canParse(`https://${name}`);
  if (!valid)
    throw new RondoError('E_CONFIG', `GOSUMDB names a database that is no host[/path]: ${quoted(name)}`);
}
