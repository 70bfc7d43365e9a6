import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { createAuthority } from '../../test/support/certificates.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Origin, ServerConfig } from '../config/config.ts';
import type { ServerCertificate } from '../host/certificate.ts';
import { loadTls, trustNotes, urlForClients } from './serve-tls.ts';

const AUTHORITY = createAuthority();
const PLAIN: ServerConfig = {
  listen: { host: '127.0.0.1', port: 0 },
  basePath: '',
  drainMs: 0,
  tls: false,
};

function context() {
  const warnings: string[] = [];
  return {
    warnings,
    clock: new VirtualClock(),
    warn: (message: Text | string) => void warnings.push(render(message)),
  };
}

function certificateFor(...hosts: string[]): ServerCertificate {
  const { certPem, keyPem } = AUTHORITY.issue(hosts);
  return { texts: { cert: certPem, key: keyPem }, leaf: new X509Certificate(certPem) };
}

test('nothing is loaded where TLS is not asked for, also if a file names a certificate', async () => {
  const origins = new Map<string, Origin>([['server.tls_cert', 'file /x/.goproxy:3']]);
  assert.equal(await loadTls({ server: { ...PLAIN, tlsCert: '/no/such' }, origins }, context()), undefined);
});

test('--cert without --tls, and --tls without --cert, are errors that say what is missing', async () => {
  const origins = new Map<string, Origin>([['server.tls_cert', 'flag --cert']]);
  const half = { ...PLAIN, tlsCert: '/etc/cert.pem' };
  await assert.rejects(loadTls({ server: half, origins }, context()), { code: 'E_USAGE', hint: 'add --tls' });
  await assert.rejects(loadTls({ server: { ...half, tls: true }, origins }, context()), (error: Error) => {
    assert.match(error.message, /--tls needs a certificate and its key: --cert FILE --key FILE/);
    assert.match('hint' in error ? String(error.hint) : '', /-keyout rondo-key\.pem -out rondo-cert\.pem$/);
    return true;
  });
});

test('an expired certificate is used, with a warning', async (t) => {
  const folder = await tempFolder(t, 'tls');
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const { certPem, keyPem } = AUTHORITY.issue(['localhost'], { fromMs: 0, untilMs: Date.UTC(2025, 0, 1) });
  await writeFile(tlsCert, certPem);
  await writeFile(tlsKey, keyPem);
  const { warnings, ...rest } = context();
  const tls = await loadTls({ server: { ...PLAIN, tls: true, tlsCert, tlsKey }, origins: new Map() }, rest);
  assert.equal(tls?.certificate.texts.cert, certPem);
  assert.match(warnings.join(), /cert\.pem has expired on 2025-01-01, and go refuses it: replace the file/);
});

test('the URL names a host that the certificate is for, if there is one that others or this machine can dial', () => {
  const url = (bound: string, asked: string, ...hosts: string[]): string =>
    urlForClients(`https://${bound}:7070/base`, asked, certificateFor(...hosts));
  assert.equal(url('127.0.0.1', '127.0.0.1', '127.0.0.1', 'localhost'), 'https://127.0.0.1:7070/base');
  assert.equal(url('127.0.0.1', '127.0.0.1', 'localhost'), 'https://localhost:7070/base');
  assert.equal(url('127.0.0.1', 'localhost', 'goproxy.example'), 'https://127.0.0.1:7070/base');
  assert.equal(url('127.0.0.1', '0.0.0.0', 'goproxy.example'), 'https://goproxy.example:7070/base');
  assert.equal(url('192.0.2.7', 'b.example', 'a.example', 'b.example'), 'https://b.example:7070/base');
  assert.equal(url('[::1]', '::', '*.example'), 'https://[::1]:7070/base');
  assert.equal(
    urlForClients('https://192.0.2.7', '192.0.2.7', certificateFor('a.example')),
    'https://a.example:443',
  );
});

test('notes tell who is not believed, and why', () => {
  const files = { certFile: '/etc/cert.pem', keyFile: '/etc/key.pem' };
  const certificate = certificateFor('a.example', 'b.example');
  assert.deepEqual(trustNotes('https://a.example:7070', { files, certificate }), []);
  assert.deepEqual(english(trustNotes('https://[::1]:7070', { files, certificate })), [
    'the certificate is for a.example, b.example: go refuses it for ::1',
  ]);
  const self = { texts: certificate.texts, leaf: new X509Certificate(AUTHORITY.certPem) };
  assert.match(
    english(trustNotes('https://[::1]:7070', { files, certificate: self })).join('\n'),
    /is for no host: .*\nnobody vouches for the certificate: .* SSL_CERT_FILE/,
  );
});
