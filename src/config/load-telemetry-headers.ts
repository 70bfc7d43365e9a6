import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';
import type { Origin } from './config.ts';
import { readSmallFile } from './load-credentials.ts';
import type { TelemetryConfig } from './telemetry-config.ts';

const NAME = /^[!#$%&'*+.^_`|~\w-]{1,100}$/;
/** Printable, as fetch and node take it. */
const VALUE = /^[\t -~\u0080-\u00ff]{0,8192}$/;

/**
 * The headers that go with traces: `name=value`, separated by commas or in lines, percent-encoded as in Baggage (the
 * form of OTEL_EXPORTER_OTLP_HEADERS). No message shows them.
 * @throws RondoError E_CONFIG.
 */
export async function loadTelemetryHeaders(
  { traces, headersEnv, headersFile }: TelemetryConfig,
  env: Readonly<Record<string, string | undefined>>,
  origins: ReadonlyMap<string, Origin>,
): Promise<Readonly<Record<string, string>>> {
  if (traces === undefined) return {};
  // A file is named by Rondo's own configuration alone: it is meant, whatever OTEL_… says.
  const path = headersFile === undefined ? 'telemetry.headers_env' : 'telemetry.headers_file';
  const place = `${(origins.get(path) ?? '').replace(/^(?:file|environment) /, '')}: ${path}`;
  if (headersFile !== undefined) {
    const text = await readSmallFile(headersFile).catch((error: unknown) => {
      const why = messageOf(error);
      throw new RondoError(
        'E_CONFIG',
        say('{key}: cannot read {text}: {why}', { key: place, text: headersFile, why }),
      );
    });
    return parseHeaders(text, place);
  }
  if (headersEnv === undefined) return {};
  const text = env[headersEnv] ?? '';
  if (text === '') {
    const words = say('{key}: the variable {text} is not set', { key: place, text: headersEnv });
    throw new RondoError('E_CONFIG', words, { hint: say('export {text}=…', { text: headersEnv }) });
  }
  return parseHeaders(text, place);
}

function parseHeaders(text: string, place: string): Record<string, string> {
  const headers: [string, string][] = [];
  for (const part of text.split(/[,\n]/)) {
    const pair = part.trim();
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const [name, value] = [decode(pair.slice(0, Math.max(0, at)).trim()), decode(pair.slice(at + 1).trim())];
    if (at < 1 || name === undefined || value === undefined || !NAME.test(name) || !VALUE.test(value)) {
      throw new RondoError('E_CONFIG', say('{place} holds something that is no name=value', { place }), {
        hint: say('write {example}', { example: 'authorization=Bearer%20TOKEN' }),
      });
    }
    headers.push([name, value]);
  }
  return Object.fromEntries(headers);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
