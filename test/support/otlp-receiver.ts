import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Cleanup } from './temp-folder.ts';

/** One span as a collector sees it. */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  /** 2: error. */
  readonly status: number;
  /** Why it is one. */
  readonly statusMessage: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly startNs: bigint;
  readonly endNs: bigint;
};

/** A collector that takes spans by OTLP over HTTP as JSON. */
export type OtlpReceiver = {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of whoever sent the last ones. */
  readonly resource: () => Readonly<Record<string, unknown>>;
  readonly headers: () => IncomingHttpHeaders;
  /** What is answered from now on; 200 at first. */
  answer(status: number): void;
};

type Attribute = { key: string; value: Record<string, unknown> };
type Body = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        kind: number;
        status?: { code?: number; message?: string };
        attributes: Attribute[];
        startTimeUnixNano: string;
        endTimeUnixNano: string;
      }[];
    }[];
  }[];
};

/** Starts one on loopback; it ends with the test. */
export async function startOtlpReceiver(t: Cleanup): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let headers: IncomingHttpHeaders = {};
  let resource: Record<string, unknown> = {};
  let status = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      headers = request.headers;
      for (const sent of status === 200 ? (JSON.parse(body) as Body).resourceSpans : []) {
        resource = valuesOf(sent.resource.attributes);
        for (const span of sent.scopeSpans.flatMap((scope) => scope.spans)) {
          const { startTimeUnixNano, endTimeUnixNano, status: state, parentSpanId, ...rest } = span;
          spans.push({
            ...rest,
            parentSpanId,
            status: state?.code ?? 0,
            statusMessage: state?.message,
            attributes: valuesOf(span.attributes),
            startNs: BigInt(startTimeUnixNano),
            endNs: BigInt(endTimeUnixNano),
          });
        }
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resource: () => resource,
    headers: () => headers,
    answer: (next) => void (status = next),
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
