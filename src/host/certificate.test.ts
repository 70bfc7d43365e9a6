import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { isSelfSigned, readCertificate, validityWarning, type CertificateFiles } from './certificate.ts';

const AUTHORITY = createAuthority();
const PAIR = AUTHORITY.issue(['localhost', '127.0.0.1']);
const OTHER = AUTHORITY.issue(['localhost']);
const DAY_MS = 24 * 3600 * 1000;

async function files(t: TestContext, cert: string | undefined, key?: string): Promise<CertificateFiles> {
  const folder = await tempFolder(t, 'certificate');
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  if (cert !== undefined) await writeFile(certFile, cert);
  if (key !== undefined) await writeFile(keyFile, key);
  return { certFile, keyFile };
}

async function refusal(given: CertificateFiles): Promise<{ message: string; hint: string }> {
  const error: unknown = await readCertificate(given).then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RondoError && error.code === 'E_CERTIFICATE', String(error));
  return { message: error.message, hint: error.hint ?? '' };
}

test('a certificate and the key that fits, with its chain behind it', async (t) => {
  const given = await files(t, PAIR.certPem + AUTHORITY.certPem, PAIR.keyPem);
  const { texts, leaf } = await readCertificate(given);
  assert.deepEqual(texts, { cert: PAIR.certPem + AUTHORITY.certPem, key: PAIR.keyPem });
  assert.equal(leaf.fingerprint256, new X509Certificate(PAIR.certPem).fingerprint256);
});

test('what cannot be used names the file and what mends it', async (t) => {
  const encrypted = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  const broken = PAIR.certPem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
  const cases: [cert: string | undefined, key: string | undefined, message: RegExp, hint: RegExp][] = [
    [
      undefined,
      PAIR.keyPem,
      /^the certificate \S+cert\.pem cannot be read: /,
      /make a pair: openssl req -x509/,
    ],
    [
      PAIR.certPem,
      undefined,
      /^the key \S+key\.pem cannot be read: /,
      /-keyout \S+key\.pem -out \S+cert\.pem/,
    ],
    ['hello', PAIR.keyPem, /cert\.pem is no certificate in PEM form/, /openssl x509 -inform der -in/],
    [PAIR.keyPem, PAIR.certPem, /cert\.pem is no certificate but a private key/, /wrong way round/],
    [PAIR.certPem, PAIR.certPem, /key\.pem is no private key but a certificate/, /wrong way round/],
    [PAIR.certPem, '\u0000der', /key\.pem is no private key in PEM form/, /openssl pkey -inform der/],
    [broken, PAIR.keyPem, /the certificate in \S+cert\.pem cannot be read/, /openssl x509 -noout -text/],
    [PAIR.certPem, PAIR.keyPem.replace(/MIG/, 'AAA'), /the key in \S+key\.pem cannot be read/, /pkey -noout/],
    [PAIR.certPem, encrypted, /key\.pem is encrypted/, /umask 077; openssl pkey -in \S+ -out \S+\.plain/],
    [
      PAIR.certPem,
      OTHER.keyPem,
      /key\.pem does not belong to the certificate in \S+cert\.pem/,
      /openssl req/,
    ],
    ['x'.repeat(1024 * 1024 + 1), PAIR.keyPem, /larger than 1 MiB/, /name a PEM file/],
  ];
  for (const [cert, key, message, hint] of cases) {
    const found = await refusal(await files(t, cert, key));
    assert.match(found.message, message);
    assert.match(found.hint, hint);
    assert.doesNotMatch(`${found.message}${found.hint}`, /\n|BEGIN/);
  }
});

test('a key that is too short for TLS is refused, though it fits', async (t) => {
  const weak = AUTHORITY.issue(['localhost'], {}, generateKeyPairSync('rsa', { modulusLength: 1024 }));
  const { message, hint } = await refusal(await files(t, weak.certPem, weak.keyPem));
  assert.match(message, /cannot serve TLS: .*too small/);
  assert.match(hint, /make a new pair: openssl req/);
});

test('dates: expired, not yet valid, soon to expire, and well', () => {
  const nowMs = Date.now();
  const given = { certFile: '/c.pem', keyFile: '/k.pem' };
  const warning = (fromMs: number, untilMs: number): string | undefined =>
    english(
      [
        validityWarning(
          new X509Certificate(AUTHORITY.issue(['x'], { fromMs, untilMs }).certPem),
          given,
          nowMs,
        ) ?? [],
      ].flat(),
    )[0];
  assert.match(
    warning(nowMs - 9 * DAY_MS, nowMs - DAY_MS) ?? '',
    /^the certificate in \/c\.pem has expired on \d{4}-\d\d-\d\d, /,
  );
  assert.match(warning(nowMs + DAY_MS, nowMs + 99 * DAY_MS) ?? '', /is not valid before \d{4}-/);
  assert.match(warning(nowMs - DAY_MS, nowMs + 13 * DAY_MS) ?? '', /expires on \d{4}-/);
  assert.equal(warning(nowMs - DAY_MS, nowMs + 15 * DAY_MS), undefined);
});

test('who signed itself is told from whom an authority signed', () => {
  assert.equal(isSelfSigned(new X509Certificate(AUTHORITY.certPem)), true);
  assert.equal(isSelfSigned(new X509Certificate(PAIR.certPem)), false);
});
