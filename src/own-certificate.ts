import type { Emit } from './events/events.ts';
import { notice } from './events/notice.ts';
import type { CertificateFiles, ServerCertificate } from './host/certificate.ts';
import { watchCertificate } from './host/certificate-watch.ts';
import type { ProxyServer } from './http/server.ts';
import type { Clock } from './kit/clock.ts';
import { say } from './words/text.ts';

/** The certificate of a server that runs. */
export type OwnCertificate = {
  /** Undefined where it speaks no TLS. */
  readonly current: () => ServerCertificate | undefined;
  /** Shows the next one as soon as its files change. */
  readonly follow: () => void;
  readonly stop: () => void;
};

type Surroundings = {
  readonly tls?: { readonly files: CertificateFiles; readonly certificate: ServerCertificate } | undefined;
  readonly clock: Clock;
};

/** The certificate that Rondo shows, and how it becomes another one. */
export function followOwnCertificate(
  { tls, clock }: Surroundings,
  server: Pick<ProxyServer, 'renew'>,
  emit: Emit,
): OwnCertificate {
  let current = tls?.certificate;
  let stop: (() => void) | undefined;
  return {
    current: () => current,
    follow() {
      if (tls === undefined) return;
      stop = watchCertificate({
        files: tls.files,
        current: tls.certificate,
        clock,
        onChange(next) {
          server.renew(next.texts);
          current = next;
          const until = next.leaf.validTo;
          emit(
            notice(
              'info',
              say('the certificate was replaced; the new one is valid until {until}', { until }),
            ),
          );
        },
        onProblem: (said) => emit(notice('warn', said)),
      });
    },
    stop: () => stop?.(),
  };
}
