import { say, type Text } from '../words/text.ts';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { messageOf, RondoError, saidBy } from '../errors/rondo-error.ts';
import { shellWord } from '../kit/shell-word.ts';

/** Where a certificate and its private key lie: absolute paths. */
export type CertificateFiles = { readonly certFile: string; readonly keyFile: string };

/** What the two files hold: the certificate with those that follow it in the chain, and the key. */
export type CertificateTexts = { readonly cert: string; readonly key: string };

/** A certificate that a server can use: its key fits. */
export type ServerCertificate = {
  readonly texts: CertificateTexts;
  /** The first of the file, which is the server's own. */
  readonly leaf: X509Certificate;
};

/** A chain with its comments is some 10 KiB. */
const MAX_BYTES = 1024 * 1024;
const DAY_MS = 24 * 3600 * 1000;
const SOON_DAYS = 14;

/**
 * Reads a certificate and its key, PEM both, and makes sure that a server can use them.
 * @throws RondoError E_CERTIFICATE that names the file and what mends it.
 */
export async function readCertificate(files: CertificateFiles): Promise<ServerCertificate> {
  return checkCertificate(await readCertificateTexts(files), files);
}

/** The two files as they are. @throws RondoError E_CERTIFICATE for one that cannot be read. */
export async function readCertificateTexts(files: CertificateFiles): Promise<CertificateTexts> {
  const cert = await readText(files.certFile, 'certificate');
  return { cert, key: await readText(files.keyFile, 'key') };
}

/** What the two texts are worth; `files` are for messages. @throws RondoError E_CERTIFICATE, E_BUG never. */
export function checkCertificate(texts: CertificateTexts, files: CertificateFiles): ServerCertificate {
  const leaf = parseCertificate(texts.cert, files);
  const key = parseKey(texts.key, files);
  if (!leaf.checkPrivateKey(key)) {
    throw problem(
      say('the key in {key} does not belong to the certificate in {cert}', {
        key: files.keyFile,
        cert: files.certFile,
      }),
      say(
        'name the key that the certificate was made for; if it is lost, ask for a new certificate, or make both: {command}',
        { command: selfSignedCommand() },
      ),
    );
  }
  try {
    createSecureContext(texts);
  } catch (cause) {
    throw problem(
      say('{cert} and {key} cannot serve TLS: {why}', {
        cert: files.certFile,
        key: files.keyFile,
        why: messageOf(cause),
      }),
      say('make a new pair: {command}', { command: selfSignedCommand() }),
      cause,
    );
  }
  return { texts, leaf };
}

/** What a person should know of when `leaf` is valid, or undefined: it is not now, or not for much longer. */
export function validityWarning(
  leaf: X509Certificate,
  { certFile }: CertificateFiles,
  wallMs: number,
): Text | undefined {
  const [from, until] = [leaf.validFromDate, leaf.validToDate];
  if (wallMs < from.getTime()) {
    return say(
      'the certificate in {file} is not valid before {day}, and go refuses it until then: is the clock right?',
      { file: certFile, day: day(from) },
    );
  }
  if (wallMs >= until.getTime()) {
    return say(
      'the certificate in {file} has expired on {day}, and go refuses it: replace the file, and it is used at once',
      { file: certFile, day: day(until) },
    );
  }
  if (until.getTime() - wallMs < SOON_DAYS * DAY_MS) {
    return say('the certificate in {file} expires on {day}: replace the file, and it is used at once', {
      file: certFile,
      day: day(until),
    });
  }
  return undefined;
}

/** Whether nobody but itself vouches for it, so that clients must be told to trust it. */
export function isSelfSigned(leaf: X509Certificate): boolean {
  return leaf.checkIssued(leaf) && leaf.verify(leaf.publicKey);
}

/** The command that makes a pair for this machine, under names that stand for no other file. */
export function selfSignedCommand(): string {
  return [
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=localhost',
    `-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout rondo-key.pem -out rondo-cert.pem`,
  ].join(' ');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function problem(message: Text, hint: Text, cause?: unknown): RondoError {
  return new RondoError('E_CERTIFICATE', message, { hint, cause });
}

async function readText(path: string, what: 'certificate' | 'key'): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) throw new RondoError('E_CERTIFICATE', say('it is larger than 1 MiB'));
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const values = { path, why: saidBy(cause) };
    const message =
      what === 'key'
        ? say('the key {path} cannot be read: {why}', values)
        : say('the certificate {path} cannot be read: {why}', values);
    if (code === 'ENOENT') {
      const command = selfSignedCommand();
      throw problem(message, say('name one that is there, or make a pair: {command}', { command }), cause);
    }
    if (code !== 'EACCES') throw problem(message, say('name a PEM file'), cause);
    const command = `ls -l ${shellWord(path)}`;
    throw problem(message, say('let the user that runs Rondo read it: {command}', { command }), cause);
  }
}

function parseCertificate(text: string, { certFile }: CertificateFiles): X509Certificate {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    const isKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
    const command = `openssl x509 -inform der -in ${shellWord(certFile)} -out ${shellWord(`${certFile}.pem`)}`;
    throw isKey
      ? problem(
          say('{path} is no certificate but a private key', { path: certFile }),
          say('are --cert and --key the wrong way round?'),
        )
      : problem(
          say('{path} is no certificate in PEM form', { path: certFile }),
          say('if it is one in DER form: {command}', { command }),
        );
  }
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw problem(
      say('the certificate in {path} cannot be read: {why}', { path: certFile, why: messageOf(cause) }),
      say('copy it again; {command} must print it', {
        command: `openssl x509 -noout -text -in ${shellWord(certFile)}`,
      }),
      cause,
    );
  }
}

function parseKey(text: string, { keyFile }: CertificateFiles): KeyObject {
  const path = shellWord(keyFile);
  const plain = shellWord(`${keyFile}.plain`);
  // PKCS #8, and the older form with a header of its own.
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw problem(
      say('the key in {path} is encrypted, and nobody is there to give its passphrase', { path: keyFile }),
      say('keep it without one, readable by you alone: {command}', {
        command: `(umask 077; openssl pkey -in ${path} -out ${plain})`,
      }),
    );
  }
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    const isCertificate = text.includes('-----BEGIN CERTIFICATE-----');
    const command = `(umask 077; openssl pkey -inform der -in ${path} -out ${plain})`;
    throw isCertificate
      ? problem(
          say('{path} is no private key but a certificate', { path: keyFile }),
          say('are --cert and --key the wrong way round?'),
        )
      : problem(
          say('{path} is no private key in PEM form', { path: keyFile }),
          say('if it is one in DER form: {command}', { command }),
        );
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw problem(
      say('the key in {path} cannot be read: {why}', { path: keyFile, why: messageOf(cause) }),
      say('copy it again; {command} must say nothing', { command: `openssl pkey -noout -in ${path}` }),
      cause,
    );
  }
}
