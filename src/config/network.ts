import { RondoError } from '../errors/rondo-error.ts';
import { bareHost, isLoopbackAddress } from '../kit/address.ts';
import type { Chain } from './config.ts';
import type { NetworkConfig, ProxyVariable } from './network-config.ts';
import type { Environment } from './go-settings.ts';
import { parseNoProxy } from './no-proxy.ts';
import { parseProxyUrl, type ProxyServer } from './proxy-url.ts';
import { say, type Text } from '../words/text.ts';

/**
 * What the environment says of the way to the mirrors, as go reads it: the upper-case name first, an empty value
 * is none (httpproxy.FromEnvironment; x509.loadSystemRoots). Only the real environment counts, not `go env -w`.
 */
export function readNetwork(env: Environment): NetworkConfig {
  const httpProxy = variable(env, 'HTTP_PROXY');
  const httpsProxy = variable(env, 'HTTPS_PROXY');
  const noProxy = variable(env, 'NO_PROXY');
  const certFile = env['SSL_CERT_FILE'];
  const certDirs = env['SSL_CERT_DIR'];
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    cgi: Boolean(env['REQUEST_METHOD']),
    ...(certFile ? { certFile } : {}),
    ...(certDirs ? { certDirs } : {}),
  };
}

/** One line each for people: proxies that do not mean what they seem to. No value is shown: it may have a password. */
export function networkWarnings({ httpProxy, httpsProxy }: NetworkConfig): Text[] {
  return [httpProxy, httpsProxy].flatMap((each) => {
    if (each === undefined) return [];
    const parsed = parseProxyUrl(each.text);
    if (parsed === undefined)
      return [say('{name} is not a URL and is ignored, as go ignores it', { name: each.name })];
    const { unknownScheme } = parsed;
    if (unknownScheme === undefined) return [];
    return [
      say(
        '{name} has the scheme {scheme}; it is taken as an HTTP proxy, as go takes it (http, https, socks5 and socks5h have a meaning)',
        { name: each.name, scheme: unknownScheme },
      ),
    ];
  });
}

/**
 * In a CGI program HTTP_PROXY may come from the `Proxy:` header of a request, so go refuses to use it there, before
 * it even looks at NO_PROXY (httpproxy, config.proxyForURL).
 * @throws RondoError E_CONFIG where a mirror of the chain would need it.
 */
export function refuseCgiProxy({ httpProxy, cgi }: NetworkConfig, { mirrors }: Chain): void {
  if (!cgi || httpProxy === undefined || parseProxyUrl(httpProxy.text) === undefined) return;
  const mirror = mirrors.find(({ url }) => url.protocol === 'http:');
  if (mirror === undefined) return;
  throw new RondoError(
    'E_CONFIG',
    say(
      '{name} is not used for {name2}, since REQUEST_METHOD is set: in a CGI program any client could have set it',
      { name: httpProxy.name, name2: mirror.name },
    ),
    { hint: say('env -u REQUEST_METHOD rondo …, or unset {name}', { name: httpProxy.name }) },
  );
}

/**
 * The proxy for a URL, or none: by its scheme, never for localhost and loopback addresses, never for what NO_PROXY
 * names (httpproxy, config.useProxy).
 */
export function proxyFor(network: NetworkConfig): (url: URL) => ProxyServer | undefined {
  const http = server(network.httpProxy);
  const https = server(network.httpsProxy);
  const exempt = parseNoProxy(network.noProxy?.text ?? '');
  return ({ protocol, hostname, port }) => {
    const proxy = protocol === 'https:' ? https : protocol === 'http:' ? http : undefined;
    const host = bareHost(hostname);
    // Go asks a proxy for names below localhost.
    if (proxy === undefined || host === 'localhost' || isLoopbackAddress(host)) return undefined;
    return exempt(host, port === '' ? (protocol === 'https:' ? '443' : '80') : port) ? undefined : proxy;
  };
}

function server(given: ProxyVariable | undefined): ProxyServer | undefined {
  return given === undefined ? undefined : parseProxyUrl(given.text)?.server;
}

function variable(env: Environment, upper: string): ProxyVariable | undefined {
  const name = [upper, upper.toLowerCase()].find((each) => env[each]);
  return name === undefined ? undefined : { name, text: env[name] ?? '' };
}
