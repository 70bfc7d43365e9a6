import * as z from 'zod';
import { ROUTES, type Route } from './routes.ts';
import { EVENTS_PATH, OPENAPI_PATH } from './paths.ts';
import type { StateName } from './event-reader.ts';
import { OF_EVERY_CALL, type Refused, REFUSALS, refusalsOf, type RefusalStatus } from './refusal-statuses.ts';
import * as schemas from './schemas.ts';

/** The OpenAPI 3.1 description of the API below `basePath`. Pure. */
export function openApiDocument(version: string, basePath: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  paths[EVENTS_PATH] = { get: EVENTS };
  paths[OPENAPI_PATH] = {
    get: {
      summary: 'This description',
      responses: responses(content('application/json', { type: 'object' }), OF_EVERY_CALL),
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rondo',
      version,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(schemas.PROBLEM), ...EVENT_SCHEMAS },
      responses: REFUSED,
    },
  };
}

function operationOf(route: Route): object {
  const { about, path, query, body, answer } = route;
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))];
  return {
    summary: about,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, ...content('application/json', schemaOf(body)) } }),
    responses: responses(content('application/json', schemaOf(answer)), refusalsOf(route)),
  };
}

function responses(done: object, refusals: readonly RefusalStatus[]): object {
  return {
    200: { description: 'Done', ...done },
    ...Object.fromEntries(refusals.map((each) => [each, { $ref: `#/components/responses/Refused${each}` }])),
  };
}

function content(type: string, schema: object): { readonly content: object } {
  return { content: { [type]: { schema } } };
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}

function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType): object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** Each event of the stream, and what its data is. */
const EVENTS_OF_STREAM: Readonly<Record<StateName | 'incident' | 'notice', z.ZodType>> = {
  status: schemas.STATUS,
  mirrors: schemas.MIRRORS,
  flights: schemas.FLIGHTS,
  incident: schemas.INCIDENT_EVENT,
  notice: schemas.NOTICE_EVENT,
};

/** As OpenAPI 3.2 describes an event; what of it is JSON is text in an event. */
const EVENT_SCHEMAS = Object.fromEntries(
  Object.entries(EVENTS_OF_STREAM).map(([name, schema]) => [
    schemaNameOf(name),
    {
      type: 'object',
      required: ['event', 'data'],
      properties: {
        event: { const: name },
        data: {
          type: 'string',
          contentMediaType: 'application/json',
          contentSchema: schemaOf(schema),
        },
      },
    },
  ]),
);

function schemaNameOf(event: string): string {
  return `${event.slice(0, 1).toUpperCase()}${event.slice(1)}Event`;
}

const EVENTS = {
  summary: 'What changes, as it changes; the state of everything at first',
  responses: responses(
    {
      content: {
        'text/event-stream': {
          schema: { type: 'string' },
          // `itemSchema` from OpenAPI 3.2 on.
          'x-item-schema': {
            oneOf: Object.keys(EVENTS_OF_STREAM).map((name) => ({
              $ref: `#/components/schemas/${schemaNameOf(name)}`,
            })),
          },
        },
      },
    },
    OF_EVERY_CALL,
  ),
};

const ABOUT =
  'Answers whoever has the token of [server] admin_token, or, where none is set, asks on its own machine. HEAD is answered as GET is, but for the events. A path that is not here is answered with 404, a method with 405 and Allow. Refusals are JSON, or a line of text for `Accept: text/plain` and where they come from before the API.';

const REFUSED = Object.fromEntries(
  Object.entries(REFUSALS).map(([status, refused]) => [`Refused${status}`, refusedOf(refused)]),
);

function refusedOf({ why, header, textOnly }: Refused): object {
  const text = { 'text/plain': { schema: { type: 'string' } } };
  const json = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    description: why,
    ...(header === undefined ? {} : { headers: { [header]: { schema: { type: 'string' } } } }),
    content: textOnly === true ? text : { ...json, ...text },
  };
}
