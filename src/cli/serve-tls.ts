import type { Config } from '../config/config.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { addressOf, bareHost, formatAddress, isLoopback, isUnspecified } from '../kit/address.ts';
import {
  isSelfSigned,
  readCertificate,
  selfSignedCommand,
  validityWarning,
  type CertificateFiles,
  type ServerCertificate,
} from '../host/certificate.ts';
import { isNamedBy, namesOf } from '../host/certificate-names.ts';
import type { CliContext } from './context.ts';
import { say, type Text } from '../words/text.ts';

/** What `serve` speaks TLS with. */
export type ServeTls = { readonly files: CertificateFiles; readonly certificate: ServerCertificate };

/**
 * The certificate that the configuration names, its dates looked at; undefined where TLS is not asked for.
 * @throws RondoError E_USAGE for --cert or --key without --tls; E_CERTIFICATE
 */
export async function loadTls(
  { server, origins }: Pick<Config, 'server' | 'origins'>,
  context: Pick<CliContext, 'clock' | 'warn'>,
): Promise<ServeTls | undefined> {
  const { tlsCert, tlsKey } = server;
  if (!server.tls) {
    // In a file it is a switch; on the command line it is a mistake that nobody would notice.
    const isFlag = ['server.tls_cert', 'server.tls_key'].some((key) => origins.get(key)?.startsWith('flag'));
    if (!isFlag) return undefined;
    throw new RondoError('E_USAGE', say('a certificate without --tls would not be used'), {
      hint: say('add --tls'),
    });
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new RondoError(
      'E_CERTIFICATE',
      say('--tls needs a certificate and its key: --cert FILE --key FILE'),
      {
        hint: say('to make both for this machine: {selfSignedCommand}', {
          selfSignedCommand: selfSignedCommand(),
        }),
      },
    );
  }
  const files = { certFile: tlsCert, keyFile: tlsKey };
  const certificate = await readCertificate(files);
  const warning = validityWarning(certificate.leaf, files, context.clock.wallMs());
  if (warning !== undefined) context.warn(warning);
  return { files, certificate };
}

/**
 * The URL of a listener with the host that its certificate is for: the address, else the host that was asked
 * for, else (where others can reach it) the first name of the certificate. `url` as it is if none fits.
 */
export function urlForClients(url: string, asked: string, { leaf }: ServerCertificate): string {
  const named = new URL(url);
  const address = bareHost(named.hostname);
  const others = isLoopback(address) && isLoopback(asked) && !isUnspecified(asked);
  const names = [address, asked, ...namesOf(leaf).filter((name) => !others || isLoopback(name))];
  const host = names.find((name) => !isUnspecified(name) && isNamedBy(leaf, name));
  if (host === undefined || host === address) return url;
  return url.replace(named.host, formatAddress({ host, port: addressOf(named).port }));
}

/** What a person must do before go believes `certificate` at `url`, a line each. */
export function trustNotes(url: string, { files, certificate }: ServeTls): Text[] {
  const host = bareHost(new URL(url).hostname);
  const { leaf } = certificate;
  const names = namesOf(leaf).join(', ') || say('no host');
  const { certFile } = files;
  return [
    ...(isNamedBy(leaf, host)
      ? []
      : [say('the certificate is for {names}: go refuses it for {host}', { names, host })]),
    ...(isSelfSigned(leaf)
      ? [
          say(
            "nobody vouches for the certificate: where go runs, add {certFile} to the system's roots, or on Unix set SSL_CERT_FILE to it",
            { certFile },
          ),
        ]
      : []),
  ];
}
