import type { Outcome } from '../balance/outcome.ts';

/** What one error code means. */
export type CodeMeaning = Pick<Outcome, 'class' | 'cause'> & {
  /** For people, without the code. */
  readonly words: string;
  /** The error's own words say more (names in a certificate, a parser's complaint). */
  readonly quote?: true;
  /** Of this machine, whatever it was that was to be reached. */
  readonly exhausted?: true;
};

const local = (words: string): CodeMeaning => ({ class: 'local', cause: 'network-down', words });
const exhausted = (words: string): CodeMeaning => ({ ...local(words), exhausted: true });
const http = (cause: Outcome['cause'], words: string): CodeMeaning => ({ class: 'http', cause, words });
const certificate = (words: string): CodeMeaning => http('certificate', words);
const quoted = (meaning: CodeMeaning): CodeMeaning => ({ ...meaning, quote: true });
const cancelled: CodeMeaning = { class: 'neutral', cause: 'superseded', words: 'cancelled' };

/** Codes of our own connector and of undici, libuv, getaddrinfo and OpenSSL as Node names them. */
const MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  // This machine (selection.md, "Local outage").
  EAI_AGAIN: local('name lookup does not work here'),
  ENETUNREACH: local('no route from this machine'),
  ENETDOWN: local('the network of this machine is down'),
  EHOSTUNREACH: local('no route to the host'),
  EADDRNOTAVAIL: local('no local address or port left'),
  EMFILE: exhausted('too many open files in this process'),
  ENFILE: exhausted('too many open files on this machine'),
  ENOBUFS: exhausted('no buffer space on this machine'),
  ENOMEM: exhausted('no memory left on this machine'),

  ERR_RONDO_NO_ROOTS: {
    class: 'local',
    cause: 'certificate',
    words: 'no certificates to trust',
    quote: true,
  },

  ENOTFOUND: http('dns', 'no such host'),
  EAI_NONAME: http('dns', 'no such host'),
  EAI_NODATA: http('dns', 'the host has no address'),
  ENODATA: http('dns', 'the host has no address'),
  EAI_FAIL: http('dns', 'name lookup failed'),
  ESERVFAIL: http('dns', 'name lookup failed'),

  ECONNREFUSED: http('connect-refused', 'connection refused'),
  EACCES: http('connect-refused', 'connection not permitted, by a firewall perhaps'),
  EPERM: http('connect-refused', 'connection not permitted, by a firewall perhaps'),
  ERR_RONDO_CONNECT_TIMEOUT: http('connect-timeout', 'no connection in time'),
  UND_ERR_CONNECT_TIMEOUT: http('connect-timeout', 'no connection in time'),
  ERR_RONDO_TLS_TIMEOUT: http('tls-timeout', 'no TLS handshake in time'),
  ERR_RONDO_PRIVATE_ADDRESS: http('bad-redirect', 'redirected from a public mirror to a private address'),
  ERR_RONDO_REDIRECT_NAMES: http('bad-redirect', 'redirected to too many hosts at once'),
  UND_ERR_MAX_ORIGINS_REACHED: http('bad-redirect', 'redirected to too many hosts'),

  ECONNRESET: http('reset', 'connection reset'),
  ECONNABORTED: http('reset', 'connection aborted'),
  ENETRESET: http('reset', 'connection reset by the network'),
  ENOTCONN: http('reset', 'connection lost'),
  EPIPE: http('reset', 'connection closed by the mirror'),
  UND_ERR_SOCKET: http('reset', 'connection closed by the mirror'),
  HPE_INVALID_EOF_STATE: http('reset', 'connection closed in the middle of the answer'),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: http('short-body', 'fewer bytes than Content-Length'),
  UND_ERR_HEADERS_TIMEOUT: http('header-timeout', 'no answer in time'),
  UND_ERR_BODY_TIMEOUT: http('body-idle', 'the body stopped'),
  UND_ERR_HEADERS_OVERFLOW: http('protocol', 'headers too large'),
  UND_ERR_RES_EXCEEDED_MAX_SIZE: http('bad-content', 'body too large'),

  UND_ERR_ABORTED: cancelled,
  UND_ERR_ABORT: cancelled,
  UND_ERR_DESTROYED: cancelled,
  UND_ERR_CLOSED: cancelled,
  ABORT_ERR: cancelled,
  AbortError: cancelled,

  // Its redirect may be good: nobody has looked.
  ERR_RONDO_LOOKUP_LINE: {
    ...cancelled,
    words: 'the host that it redirects to waits for the look-up of others',
  },

  // A request that undici does not take: nothing was sent, so no mirror is to blame.
  UND_ERR_INVALID_ARG: {
    class: 'neutral',
    cause: 'protocol',
    words: 'Rondo made a malformed request',
    quote: true,
  },

  CERT_HAS_EXPIRED: certificate('certificate has expired'),
  CERT_NOT_YET_VALID: certificate('certificate is not valid yet (is the clock right?)'),
  ERR_TLS_CERT_ALTNAME_INVALID: quoted(certificate('certificate is for another name')),
  ERR_TLS_CERT_ALTNAME_FORMAT: certificate('certificate has malformed names'),
  HOSTNAME_MISMATCH: certificate('certificate is for another name'),
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('certificate is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('certificate chain ends in an unknown, self-signed root'),
  UNABLE_TO_GET_ISSUER_CERT: certificate('certificate has an unknown issuer'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('certificate has an unknown issuer'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate(
    'certificate has an unknown issuer, or its chain is incomplete',
  ),
  CERT_UNTRUSTED: certificate('certificate is not trusted'),
  CERT_REJECTED: certificate('certificate is rejected'),
  CERT_REVOKED: certificate('certificate is revoked'),
  CERT_SIGNATURE_FAILURE: certificate('certificate has a wrong signature'),
  CERT_CHAIN_TOO_LONG: certificate('certificate chain is too long'),
  PATH_LENGTH_EXCEEDED: certificate('certificate chain is too long'),
  INVALID_CA: certificate('certificate is issued by one that may not'),
  INVALID_PURPOSE: certificate('certificate is not for servers'),
  EE_KEY_TOO_SMALL: certificate('certificate has too small a key'),
  CA_MD_TOO_WEAK: certificate('certificate has a weak signature'),
  ERROR_IN_CERT_NOT_AFTER_FIELD: certificate('certificate is malformed'),
  ERROR_IN_CERT_NOT_BEFORE_FIELD: certificate('certificate is malformed'),
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: certificate('certificate is malformed'),
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: certificate('certificate is malformed'),
  ERR_SSL_CERTIFICATE_VERIFY_FAILED: certificate('certificate is not trusted'),
  EPROTO: http('protocol', 'TLS handshake failed'),

  // A folder of files as a mirror.
  ENOENT: { class: 'neutral', cause: 'not-found', words: 'no such file' },
  ENOTDIR: { class: 'neutral', cause: 'not-found', words: 'no such file' },
  ENAMETOOLONG: { class: 'neutral', cause: 'not-found', words: 'no such file' },
  EIO: http('server-error', 'the file cannot be read'),
  ESTALE: http('server-error', 'the file cannot be read'),
};

/** The meaning of an error code; `syscall` is Node's, where there is one. Undefined for codes nobody foresaw. */
export function meaningOfCode(code: string, syscall?: string): CodeMeaning | undefined {
  // The kernel gives up on a connection attempt, or on an established connection that went silent.
  if (code === 'ETIMEDOUT') {
    return syscall === 'read' || syscall === 'write'
      ? http('reset', 'connection went silent')
      : http('connect-timeout', 'no connection in time');
  }
  const known = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (known !== undefined) return known;
  if (code.startsWith('ERR_SSL_')) return quoted(http('protocol', 'TLS handshake failed'));
  if (code.startsWith('HPE_')) return quoted(http('protocol', 'not HTTP'));
  return undefined;
}

/** Which of several errors for several addresses says most: one without IPv6 has ENETUNREACH beside the real one. */
export function rankOf(meaning: CodeMeaning): number {
  if (meaning.class === 'local') return 0;
  if (meaning.cause === 'certificate') return 4;
  if (meaning.cause === 'connect-refused') return 2;
  return meaning.cause === 'connect-timeout' ? 1 : 3;
}
