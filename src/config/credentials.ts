import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** What a mirror is told of who asks. */
export type Credentials = {
  /** Value of the Authorization header. Never printed. */
  readonly authorization: string;
  /** Where they came from, for people: without the secret. */
  readonly origin: CredentialsOrigin;
};

/** `url`: they stood in the URL of the mirror. Only those are kept with a chain. */
export type CredentialsOrigin = 'url' | `environment ${string}` | `file ${string}` | `netrc ${string}`;

/** Logins as host/netrc.ts reads them. */
export type NetrcLogins = {
  readonly path: string;
  readonly logins: readonly { readonly machine: string; readonly login: string; readonly password: string }[];
  readonly problem?: string;
};

/** Basic credentials of `user:password`. */
export function basicCredentials(login: string, origin: CredentialsOrigin): Credentials {
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}`, origin };
}

/**
 * Reads the secret of a `login_…` or `token_…` key; `place` names the key for messages, which never have
 * the secret.
 * @throws RondoError E_CONFIG for a text that cannot be one.
 */
export function readSecret(
  kind: 'login' | 'token',
  text: string,
  origin: CredentialsOrigin,
  place: string,
): Credentials {
  // Files end with a line end.
  const secret = text.replace(/\r?\n$/, '');
  if (kind === 'token') {
    if (/^[!-~]{1,8192}$/.test(secret)) return { authorization: `Bearer ${secret}`, origin };
    throw new RondoError(
      'E_CONFIG',
      say('{place}: {origin} has no token (one line of printable characters)', { place, origin }),
    );
  }
  if (/^[^:\p{Cc}]+:[^\p{Cc}]{0,8192}$/u.test(secret)) return basicCredentials(secret, origin);
  throw new RondoError(
    'E_CONFIG',
    say('{place}: {origin} has no login (one line user:password)', { place, origin }),
  );
}

/**
 * The login that go itself would send to `url`: https alone, for the longest machine of the netrc file that
 * the URL's host and path begin with, whole elements (cmd/go/internal/auth, loadCredential). Of two with the
 * same name the first counts.
 */
export function netrcCredentials(url: URL, netrc: NetrcLogins | undefined): Credentials | undefined {
  if (netrc === undefined || url.protocol !== 'https:') return undefined;
  let prefix = `${url.host}${url.pathname}`.replace(/\/$/, '');
  for (;;) {
    const found = netrc.logins.find(({ machine }) => machineOf(machine) === prefix);
    if (found !== undefined)
      return basicCredentials(`${found.login}:${found.password}`, `netrc ${netrc.path}`);
    const slash = prefix.lastIndexOf('/');
    if (slash < 0) return undefined;
    prefix = prefix.slice(0, slash);
  }
}

/** As storeCredential of go has it: a scheme and a slash at the end are no part of it. */
function machineOf(machine: string): string {
  return machine.replace(/^https:\/\//, '').replace(/\/$/, '');
}

/** Whether go asks netrc at all: GOAUTH, a list with `;` between, names it; its default does. */
export function usesNetrc(goauth: string): boolean {
  return (goauth || 'netrc').split(';').some((command) => command.trim().split(/\s+/)[0] === 'netrc');
}
