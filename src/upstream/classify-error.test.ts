import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cause, OutcomeClass } from '../balance/outcome.ts';
import { classifyElsewhere, classifyError } from './classify.ts';
import { ProxyError } from './proxy-server.ts';

function failure(code: string, more: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(`failed with ${code}`), { code, ...more });
}

const LOCAL = [
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
];
const CERTIFICATE = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
];
const OTHERS: readonly (readonly [code: string, cause: Cause, syscall?: string])[] = [
  ['ENOTFOUND', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['EAI_NODATA', 'dns'],
  ['ECONNREFUSED', 'connect-refused'],
  ['EACCES', 'connect-refused'],
  ['ETIMEDOUT', 'connect-timeout', 'connect'],
  ['ETIMEDOUT', 'reset', 'read'],
  ['ERR_RONDO_CONNECT_TIMEOUT', 'connect-timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['ERR_RONDO_TLS_TIMEOUT', 'tls-timeout'],
  ['ERR_RONDO_PRIVATE_ADDRESS', 'bad-redirect'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['HPE_INVALID_EOF_STATE', 'reset'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'short-body'],
  ['UND_ERR_HEADERS_TIMEOUT', 'header-timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'body-idle'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['HPE_INVALID_HEADER_TOKEN', 'protocol'],
  ['EPROTO', 'protocol'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol'],
  ['EWHATEVER', 'protocol'],
];
const NEUTRAL = ['UND_ERR_ABORTED', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'ABORT_ERR'];

function expectOutcome(error: unknown, outcomeClass: OutcomeClass, cause: Cause): void {
  const outcome = classifyError(error);
  assert.deepEqual([outcome.class, outcome.cause], [outcomeClass, cause]);
}

for (const code of LOCAL)
  test(`${code} is this machine's`, () => expectOutcome(failure(code), 'local', 'network-down'));
for (const code of CERTIFICATE) {
  test(`${code} is the certificate`, () => {
    expectOutcome(failure(code), 'http', 'certificate');
    assert.match(classifyError(failure(code)).detail, /^certificate .*\([A-Z_]+\)$/);
  });
}
for (const [code, cause, syscall] of OTHERS) {
  test(`${code} of ${syscall ?? 'anything'} is ${cause}`, () => {
    expectOutcome(failure(code, syscall === undefined ? {} : { syscall }), 'http', cause);
  });
}
for (const code of NEUTRAL)
  test(`${code} is nobody's fault`, () => expectOutcome(failure(code), 'neutral', 'superseded'));

test('an aborted signal is nobody’s fault', () => {
  expectOutcome(AbortSignal.abort().reason, 'neutral', 'superseded');
});

test('the evidence names code and address', () => {
  const refused = failure('ECONNREFUSED', { syscall: 'connect', address: '192.0.2.1', port: 443 });
  assert.equal(classifyError(refused).detail, 'connection refused (ECONNREFUSED 192.0.2.1:443)');
  const unknown = failure('ENOTFOUND', { hostname: 'mirror.invalid' });
  assert.equal(classifyError(unknown).detail, 'no such host (ENOTFOUND mirror.invalid)');
});

test('the names in a hostile certificate cannot write on a terminal', () => {
  const reason = `Host: m. is not in the cert's altnames: DNS:\u001B[2Jx${'y'.repeat(500)}`;
  const { detail } = classifyError(failure('ERR_TLS_CERT_ALTNAME_INVALID', { reason }));
  assert.doesNotMatch(detail, /\p{C}/u);
  assert.ok(detail.length <= 200);
});

test('of several addresses the most telling failure counts', () => {
  const noIpv6 = failure('ENETUNREACH', { address: '2001:db8::1' });
  expectOutcome(new AggregateError([noIpv6, failure('ECONNREFUSED')]), 'http', 'connect-refused');
  expectOutcome(
    new AggregateError([failure('ETIMEDOUT'), failure('ECONNREFUSED')]),
    'http',
    'connect-refused',
  );
  expectOutcome(
    new AggregateError([noIpv6, failure('ETIMEDOUT', { syscall: 'connect' })]),
    'http',
    'connect-timeout',
  );
  expectOutcome(new AggregateError([noIpv6, failure('EHOSTUNREACH')]), 'local', 'network-down');
});

test('behind a redirect what cannot be reached is the mirror’s failure; what this machine lacks is not', () => {
  const exhausted = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);
  for (const code of LOCAL) {
    const { class: found, cause, detail } = classifyElsewhere(failure(code));
    const expected = exhausted.has(code) ? ['local', 'network-down'] : ['http', 'bad-redirect'];
    assert.deepEqual([found, cause], expected, detail);
  }
  assert.equal(classifyElsewhere(failure('ERR_RONDO_NO_ROOTS')).class, 'local');
  assert.equal(classifyElsewhere(failure('ENOTFOUND')).cause, 'dns');
  const unreachable = new ProxyError('proxy', 'no proxy', failure('EHOSTUNREACH'));
  assert.equal(classifyElsewhere(unreachable).class, 'local', 'our proxy is not of its choice');
});

test('causes are followed, though not for ever', () => {
  expectOutcome(new Error('outer', { cause: failure('ECONNRESET') }), 'http', 'reset');
  const round: { cause?: unknown } = new Error('round');
  round.cause = round;
  expectOutcome(round, 'http', 'protocol');
});

test('anything thrown gets a verdict', () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      assert.ok(classifyError(thrown).detail.length <= 200);
    }),
  );
});
