import * as z from 'zod';
import { ROUTES, type Route } from './routes.ts';
import { EVENTS_PATH, OPENAPI_PATH } from './paths.ts';
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
      responses: responses(content('application/json', { type: 'object' })),
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rondo',
      version,
      description:
        'Answers whoever has the token of [server] admin_token, or, where none is set, asks on its own machine.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(schemas.PROBLEM), ...EVENT_SCHEMAS },
    },
  };
}

function operationOf({ about, path, query, body, answer }: Route): object {
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))];
  return {
    summary: about,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, ...content('application/json', schemaOf(body)) } }),
    responses: responses(content('application/json', schemaOf(answer))),
  };
}

function responses(done: object): object {
  const problem = content('application/problem+json', { $ref: '#/components/schemas/Problem' });
  return {
    200: { description: 'Done', ...done },
    default: { description: 'Why not', ...problem },
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

const EVENTS = {
  summary: 'What changes, as it changes: the events status, mirrors, flights, incident and notice',
  responses: responses(content('text/event-stream', { type: 'string' })),
};

const EVENT_SCHEMAS = {
  IncidentEvent: schemaOf(schemas.INCIDENT_EVENT),
  NoticeEvent: schemaOf(schemas.NOTICE_EVENT),
};
