import assert from 'node:assert/strict';
import * as z from 'zod';
import { fetchRaw } from '../support/http-client.ts';

type Schema = z.core.JSONSchema.JSONSchema;

/** What one status of a call may be answered with, as the description has it. */
export type DescribedAnswer = {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
};

/** One call, as the description has it. */
export type DescribedCall = {
  readonly method: 'get' | 'post';
  /** `/-/api/mirrors/{name}` */
  readonly path: string;
  readonly answers: ReadonlyMap<number, DescribedAnswer>;
};

/** The OpenAPI document of a server, with all that it refers to. */
export type Description = {
  readonly openapi: string;
  readonly calls: readonly DescribedCall[];
  /** What the data of an event of the stream is, by its name. */
  readonly events: ReadonlyMap<string, z.ZodType>;
};

type Referable = DescribedAnswer | { readonly $ref: string };
type EventSchema = { properties: { event: { const: string }; data: { contentSchema: Schema } } };
type Document = {
  openapi: string;
  paths: Record<string, Record<'get' | 'post', { responses: Record<string, Referable> }>>;
  components: {
    responses: Record<string, DescribedAnswer>;
    schemas: Record<string, Schema | EventSchema>;
  };
};

/** Asks the server at `url` for it. */
export async function describe(url: string): Promise<Description> {
  const document = JSON.parse((await fetchRaw(`${url}/-/api/openapi.json`)).body.toString()) as Document;
  const { openapi, paths, components } = document;
  const resolved = (answer: Referable): DescribedAnswer => {
    if (!('$ref' in answer)) return answer;
    const found = components.responses[answer.$ref.replace('#/components/responses/', '')];
    assert.ok(found !== undefined, answer.$ref);
    return found;
  };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]): DescribedCall => {
      const answers = Object.entries(responses).map(
        ([status, answer]) => [Number(status), resolved(answer)] as const,
      );
      return { method: method === 'post' ? 'post' : 'get', path, answers: new Map(answers) };
    }),
  );
  const stream = paths['/-/api/events']?.get.responses['200'] as unknown as {
    content: { 'text/event-stream': { 'x-item-schema': { oneOf: { $ref: string }[] } } };
  };
  const events = stream.content['text/event-stream']['x-item-schema'].oneOf.map(({ $ref }) => {
    const { properties } = components.schemas[$ref.replace('#/components/schemas/', '')] as EventSchema;
    return [properties.event.const, z.fromJSONSchema(properties.data.contentSchema)] as const;
  });
  return { openapi, calls, events: new Map(events) };
}
