import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its key, both PEM. */
export type Certificate = { readonly certPem: string; readonly keyPem: string };

/** A certificate authority for tests. */
export type Authority = Certificate & {
  /** Issues a server certificate for names and addresses, valid from yesterday for a year unless said; for new keys unless given. */
  issue(hosts: readonly string[], validity?: Validity, keys?: Keys): Certificate;
};

/** What a certificate is issued for. */
export type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** Unix times in milliseconds. */
export type Validity = { readonly fromMs?: number; readonly untilMs?: number };

const DAY_MS = 24 * 3600 * 1000;
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];

/**
 * Makes an authority: keys and DER by hand, since a certificate that has expired must be made when the tests run
 * and no command of the machine may be needed for it. X.509 v3, ECDSA P-256 (RFC 5280).
 */
export function createAuthority(name = 'Rondo test root'): Authority {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certPem = certificate({
    issuer: name,
    subject: name,
    signer: root.privateKey,
    key: root.publicKey,
    ca: true,
  });
  return {
    certPem,
    keyPem: pemOfKey(root.privateKey),
    issue(hosts, validity = {}, keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })) {
      const { publicKey, privateKey } = keys;
      const subject = hosts[0] ?? 'nobody';
      return {
        certPem: certificate({
          issuer: name,
          subject,
          signer: root.privateKey,
          key: publicKey,
          hosts,
          ...validity,
        }),
        keyPem: pemOfKey(privateKey),
      };
    },
  };
}

type Contents = Validity & {
  readonly issuer: string;
  readonly subject: string;
  readonly signer: KeyObject;
  readonly key: KeyObject;
  readonly ca?: boolean;
  readonly hosts?: readonly string[];
};

let serial = 1;

function certificate(contents: Contents): string {
  const { issuer, subject, signer, key, ca = false, hosts = [] } = contents;
  const { fromMs = Date.now() - DAY_MS, untilMs = Date.now() + 365 * DAY_MS } = contents;
  const algorithm = sequence(der(0x06, ECDSA_WITH_SHA256));
  const extensions = [
    extension(BASIC_CONSTRAINTS, sequence(...(ca ? [der(0x01, [0xff])] : []))),
    ...(hosts.length > 0 ? [extension(SUBJECT_ALT_NAME, sequence(...hosts.map(generalName)))] : []),
  ];
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x10, serial++ & 0xff]),
    algorithm,
    distinguishedName(issuer),
    sequence(time(fromMs), time(untilMs)),
    distinguishedName(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, signer);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, content: readonly number[] | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const { length } = bytes;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(der(0x06, COMMON_NAME), der(0x0c, Buffer.from(name)))));
}

function extension(oid: readonly number[], value: Buffer): Buffer {
  return sequence(der(0x06, oid), der(0x04, value));
}

function generalName(host: string): Buffer {
  const octets = host.split('.').map(Number);
  return isIP(host) === 4 ? der(0x87, octets) : der(0x82, Buffer.from(host));
}

/** GeneralizedTime, whatever the year: OpenSSL takes it. */
function time(ms: number): Buffer {
  return der(0x18, Buffer.from(new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')));
}

function pemOfKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' });
}
