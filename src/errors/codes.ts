/**
 * The kinds of failure that Rondo tells apart. An HTTP status (http/status.ts) and an exit code
 * (cli/exit-code.ts) are each mapped from the kind, in that one file and nowhere else.
 */
export type ErrorKind =
  | 'usage' // the user's input: flags, configuration, names on the command line
  | 'not-found' // nobody has it
  | 'refused' // every mirror said 401, 403 or 451
  | 'loop' // every mirror leads back to a Rondo that was asked already
  | 'upstream' // mirrors failed
  | 'timeout' // mirrors failed, all of them by time
  | 'unavailable' // no mirror may be asked right now; later one may
  | 'integrity' // content that contradicts the checksum database
  | 'storage' // the copy on disk
  | 'interrupted' // told to stop
  | 'bug'; // an invariant of Rondo itself

/** One of the stable error codes. */
export type ErrorCode =
  | 'E_USAGE'
  | 'E_CONFIG'
  | 'E_NO_CHAIN'
  | 'E_BAD_MIRROR_URL'
  | 'E_PORT_IN_USE'
  | 'E_LISTEN'
  | 'E_CERTIFICATE'
  | 'E_CACHE_DIR'
  | 'E_GO_SUM'
  | 'E_GO_MOD'
  | 'E_BAD_NAME'
  | 'E_NOT_FOUND'
  | 'E_PRIVATE'
  | 'E_OFFLINE'
  | 'E_NOT_IN_CHECKSUM_DB'
  | 'E_REFUSED'
  | 'E_LOOP'
  | 'E_NO_MIRROR'
  | 'E_MIRROR_TIMEOUT'
  | 'E_NO_ELIGIBLE_MIRROR'
  | 'E_BUSY'
  | 'E_CHECKSUM_DB_UNREACHABLE'
  | 'E_CHECKSUM_FORK'
  | 'E_CHECKSUM_UNPROVEN'
  | 'E_BAD_CONTENT'
  | 'E_CHECKSUM_MISMATCH'
  | 'E_STORE'
  | 'E_INTERRUPTED'
  | 'E_BUG';

/** Every code that a user can meet, with its kind. Codes are stable: scripts and search engines see them. */
export const ERROR_CODES: { readonly [code in ErrorCode]: ErrorKind } = {
  E_USAGE: 'usage',
  E_CONFIG: 'usage',
  E_NO_CHAIN: 'usage',
  E_BAD_MIRROR_URL: 'usage',
  E_PORT_IN_USE: 'usage',
  E_LISTEN: 'usage',
  E_CERTIFICATE: 'usage',
  E_CACHE_DIR: 'usage',
  E_GO_SUM: 'usage',
  E_GO_MOD: 'usage',
  E_BAD_NAME: 'not-found',
  E_NOT_FOUND: 'not-found',
  E_PRIVATE: 'not-found',
  E_OFFLINE: 'not-found',
  E_NOT_IN_CHECKSUM_DB: 'not-found',
  E_REFUSED: 'refused',
  E_LOOP: 'loop',
  E_NO_MIRROR: 'upstream',
  E_MIRROR_TIMEOUT: 'timeout',
  E_NO_ELIGIBLE_MIRROR: 'unavailable',
  E_BUSY: 'unavailable',
  E_CHECKSUM_DB_UNREACHABLE: 'upstream',
  E_CHECKSUM_FORK: 'integrity',
  E_CHECKSUM_UNPROVEN: 'integrity',
  E_BAD_CONTENT: 'upstream',
  E_CHECKSUM_MISMATCH: 'integrity',
  E_STORE: 'storage',
  E_INTERRUPTED: 'interrupted',
  E_BUG: 'bug',
};
