import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { reservePort } from './reserved-port.ts';
import type { Cleanup } from './temp-folder.ts';
import { until } from './until.ts';

/** One span, in the words in which a collector's debug exporter writes it down. */
export type CollectedSpan = {
  readonly traceId: string;
  readonly parentId: string;
  readonly spanId: string;
  readonly name: string;
  /** `Server`, `Client`, `Internal`. */
  readonly kind: string;
  /** `Unset`, `Error`. */
  readonly status: string;
  /** `Int(503)` */
  readonly attributes: Readonly<Record<string, string>>;
};

/** A running collector of OpenTelemetry's. */
export type Collector = {
  /** Where it takes OTLP over HTTP. */
  readonly url: string;
  /** What it has received, as it has written it down itself. */
  spans(): CollectedSpan[];
};

/** Starts `otelcol` (otel-collector.yaml) on loopback, without metrics of its own; it ends with the test. */
export async function startCollector(t: Cleanup): Promise<Collector> {
  const reserved = await reservePort();
  const { port } = reserved;
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { debug: { verbosity: 'detailed' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } },
    },
  };
  reserved.release();
  const collector = spawn('otelcol', [`--config=yaml:${JSON.stringify(config)}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [collector.stdout, collector.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  const ended = once(collector, 'close');
  t.after(async () => {
    collector.kill();
    await ended;
  });
  await until('the collector is ready', () => {
    if (collector.exitCode !== null) throw new Error(`it has ended: ${written}`);
    return Promise.resolve(written.includes('Everything is ready'));
  });
  return { url: `http://127.0.0.1:${port}`, spans: () => spansIn(written) };
}

function spansIn(written: string): CollectedSpan[] {
  return written
    .split(/^Span #\d+$/m)
    .slice(1)
    .map((text) => {
      const field = (name: string): string =>
        new RegExp(`^ {4}${name} *: ?(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
      const attributes = [...text.matchAll(/^ +-> ([\w.]+): (.*)$/gm)];
      return {
        traceId: field('Trace ID'),
        parentId: field('Parent ID'),
        spanId: field('ID'),
        name: field('Name'),
        kind: field('Kind'),
        status: field('Status code'),
        attributes: Object.fromEntries(attributes.map(([, name = '', value = '']) => [name, value])),
      };
    });
}
