import type { Source } from './read-values.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The path of a signal below the base address (OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP"). */
const TRACES_PATH = 'v1/traces';

/**
 * What OpenTelemetry's own variables say of [telemetry], behind Rondo's. Not where they ask for another protocol than
 * HTTP, or for no traces at all. Of samplers those count that Rondo has: a share, and with
 * `parentbased_` in front whoever began a trace decides.
 * See https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
 */
export function otelSource(env: Environment, cwd: string): Source {
  const texts = textsOf(env);
  return (path) => {
    const found = texts.get(path);
    return found && { text: found.text, origin: `environment ${found.name}`, base: cwd };
  };
}

type Text = { readonly name: string; readonly text: string };

function textsOf(env: Environment): ReadonlyMap<string, Text> {
  const texts = new Map<string, Text>();
  if (isOff(env)) return texts;
  const own = variable(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const base = variable(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (own !== undefined) texts.set('telemetry.traces', own);
  else if (base !== undefined) {
    const text = `${base.text.replace(/\/$/, '')}/${TRACES_PATH}`;
    texts.set('telemetry.traces', { ...base, text });
  }
  const headers =
    variable(env, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS') ?? variable(env, 'OTEL_EXPORTER_OTLP_HEADERS');
  if (headers !== undefined) texts.set('telemetry.headers_env', { name: headers.name, text: headers.name });
  const service = variable(env, 'OTEL_SERVICE_NAME');
  if (service !== undefined) texts.set('telemetry.service', service);
  const sample = sampleOf(env);
  if (sample !== undefined) texts.set('telemetry.sample', sample);
  const sampler = variable(env, 'OTEL_TRACES_SAMPLER');
  if (sampler?.text.startsWith('parentbased_') === true)
    texts.set('telemetry.sampled_by_client', { name: sampler.name, text: 'always' });
  return texts;
}

function isOff(env: Environment): boolean {
  const protocol =
    variable(env, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? variable(env, 'OTEL_EXPORTER_OTLP_PROTOCOL');
  const exporter = variable(env, 'OTEL_TRACES_EXPORTER')?.text ?? 'otlp';
  const isDisabled = variable(env, 'OTEL_SDK_DISABLED')?.text.toLowerCase() === 'true';
  return isDisabled || exporter !== 'otlp' || protocol?.text === 'grpc';
}

function sampleOf(env: Environment): Text | undefined {
  const sampler = variable(env, 'OTEL_TRACES_SAMPLER');
  switch (sampler?.text.replace(/^parentbased_/, '')) {
    case 'always_on':
      return { name: sampler?.name ?? '', text: '1' };
    case 'always_off':
      return { name: sampler?.name ?? '', text: '0' };
    case 'traceidratio':
      return variable(env, 'OTEL_TRACES_SAMPLER_ARG');
    default:
      return undefined;
  }
}

/** An empty one is unset. */
function variable(env: Environment, name: string): Text | undefined {
  const text = env[name]?.trim() ?? '';
  return text === '' ? undefined : { name, text };
}
