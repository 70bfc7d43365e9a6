import { RondoError } from '../errors/rondo-error.ts';
import { quoted } from './quoted.ts';
import { parseVerifierKey } from './verifier-key.ts';
import { say } from '../words/text.ts';

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

/**
 * Reads the value of GOSUMDB: `off`, a known name, or `<key>`, the latter two perhaps followed by a URL
 * (modfetch.dbDial, note.NewVerifier). Stricter than go on the name, which becomes a folder of the copy,
 * and on the URL. Throws RondoError E_CONFIG.
 */
export function parseGosumdb(text: string): Gosumdb {
  if (text === 'off') return { kind: 'off' };
  const [keyOrName, urlText, ...more] = fieldsOf(text);
  if (keyOrName === undefined) throw new RondoError('E_CONFIG', say('GOSUMDB is empty'));
  if (more.length > 0) throw new RondoError('E_CONFIG', say('GOSUMDB has more than a key and a URL'));
  const key = KNOWN_KEYS.get(keyOrName) ?? keyOrName;
  const { name } = parseVerifierKey(key);
  checkDatabaseName(name);
  if (urlText === undefined) return { kind: 'database', name, key };
  const url = URL.parse(urlText);
  if (url === null || !['http:', 'https:', 'file:'].includes(url.protocol)) {
    throw new RondoError('E_CONFIG', say('GOSUMDB has a URL that is none of http, https or file'));
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

function checkDatabaseName(name: string): void {
  const [host = '', ...folders] = name.split('/');
  const valid =
    /^[0-9A-Za-z._:[\]-]+$/.test(host) &&
    folders.every((folder) => /^[0-9A-Za-z._~$&,:;=@-]+$/.test(folder)) &&
    ![host, ...folders].some((element) => /^\.+$/.test(element)) &&
    URL.canParse(`https://${name}`);
  if (!valid)
    throw new RondoError(
      'E_CONFIG',
      say('GOSUMDB names a database that is no host[/path]: {name}', { name: quoted(name) }),
    );
}
