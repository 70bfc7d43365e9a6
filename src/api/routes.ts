import * as z from 'zod';
import type { Table } from '../words/render.ts';
import { parseDuration } from '../kit/duration.ts';
import type { MirrorOrderBody } from './answers.ts';
import { historyIn, mirrorsIn } from './in-language.ts';
import type { ApiLanguage, ApiPorts, MirrorOrder } from './ports.ts';
import { ApiRefusal, parsed } from './refusal.ts';
import type { RefusalStatus } from './refusal-statuses.ts';
import * as schemas from './schemas.ts';

/** What was asked of a route; from the client. */
export type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly language: ApiLanguage;
  /** Of that language; undefined for English. */
  readonly table: Table | undefined;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
};

/** One call of the API. */
export type Route = {
  readonly method: 'GET' | 'POST';
  /** As Fastify writes it: `/-/api/mirrors/:name`. */
  readonly path: string;
  /** One line for the description. */
  readonly about: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** Statuses that it may have beside those of every call, query and body. */
  readonly refusals?: readonly RefusalStatus[];
  readonly run: (asked: Asked, ports: ApiPorts) => unknown;
};

const DAY_MS = 24 * 3_600_000;
const MAX_DRAIN_MS = 7 * DAY_MS;
/** So long is kept. */
const MAX_SINCE_MS = 90 * DAY_MS;
const MAX_PARTS = 1000;
const MAX_PAGE = 200;

const HISTORY_QUERY = z.strictObject({
  since: z.string().max(20).optional(),
  parts: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .optional(),
});
const MODULES_QUERY = z.strictObject({
  search: z.string().max(256).optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional(),
  after: z.string().max(1024).optional(),
});
const VERSIONS_QUERY = z.strictObject({ module: z.string().min(1).max(1024) });

/** All calls that are answered with JSON. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/-/api/status',
    about: 'What this Rondo is doing, since it was started',
    answer: schemas.STATUS,
    run: (_asked, ports) => ports.status(),
  },
  {
    method: 'GET',
    path: '/-/api/mirrors',
    about: 'How the mirrors stand',
    answer: schemas.MIRRORS,
    run: ({ table }, ports) => mirrorsIn(ports.mirrors(), table),
  },
  {
    method: 'POST',
    path: '/-/api/mirrors/:name',
    about: 'Change the weight of a mirror, or drain it, for as long as the server runs',
    body: schemas.MIRROR_ORDER,
    answer: schemas.MIRRORS,
    refusals: [404],
    run: orderMirror,
  },
  {
    method: 'GET',
    path: '/-/api/flights',
    about: 'What is being fetched',
    answer: schemas.FLIGHTS,
    run: (_asked, ports) => ports.flights(),
  },
  {
    method: 'GET',
    path: '/-/api/modules',
    about: 'Modules of the copy whose path has `search` in it, and a version with what follows its `@`',
    query: MODULES_QUERY,
    answer: schemas.MODULES,
    refusals: [404],
    run({ query }, ports) {
      const { search = '', limit = '50', after = '' } = parsed(MODULES_QUERY, query);
      return ports.modules({ search, limit: Math.min(MAX_PAGE, Number(limit)), after });
    },
  },
  {
    method: 'GET',
    path: '/-/api/modules/versions',
    about: 'The versions of a module in the copy, with their files',
    query: VERSIONS_QUERY,
    answer: schemas.VERSIONS,
    refusals: [404],
    run: ({ query }, ports) => ports.versions(parsed(VERSIONS_QUERY, query).module),
  },
  {
    method: 'POST',
    path: '/-/api/purge',
    about: 'Take a module, or a version of it, out of the copy, and forget what mirrors said of it',
    body: schemas.PURGE_BODY,
    answer: schemas.PURGE,
    refusals: [404],
    run: ({ body }, ports) => ports.purge(parsed(schemas.PURGE_BODY, body)),
  },
  {
    method: 'GET',
    path: '/-/api/history',
    about: 'Service levels, incidents and series of the last `since`, in `parts` parts',
    query: HISTORY_QUERY,
    answer: schemas.HISTORY,
    run: readHistory,
  },
  {
    method: 'GET',
    path: '/-/api/config',
    about: 'The configuration in force, with where each value came from',
    answer: schemas.CONFIG,
    run: ({ table }, ports) => ports.config(table),
  },
  {
    method: 'POST',
    path: '/-/api/doctor',
    about: 'Look at the mirrors and the copy: what is not well, and what mends it',
    body: schemas.NOTHING,
    answer: schemas.DOCTOR,
    run({ body, language }, ports) {
      parsed(schemas.NOTHING, body);
      return ports.doctor(language);
    },
  },
  {
    method: 'POST',
    path: '/-/api/reload',
    about: 'Read the configuration again',
    body: schemas.NOTHING,
    answer: schemas.RELOAD,
    refusals: [404, 422],
    run: reload,
  },
];

function orderMirror({ params, body, table }: Asked, ports: ApiPorts): unknown {
  const order = orderOf(parsed(schemas.MIRROR_ORDER, body));
  const { name = '' } = params;
  if (!ports.order(name, order)) throw new ApiRefusal(404, `no mirror is called ${name}`);
  return mirrorsIn(ports.mirrors(), table);
}

function orderOf({ weight, drain }: MirrorOrderBody): MirrorOrder {
  if (weight === undefined && drain === undefined)
    throw new ApiRefusal(400, 'an order needs weight or drain');
  const forMs = drain === 'on' ? Infinity : parseDuration(drain ?? '0s');
  if (forMs === undefined || (forMs > MAX_DRAIN_MS && forMs !== Infinity))
    throw new ApiRefusal(400, 'drain: a duration of at most 7d, 0s to end it, or on');
  return {
    ...(weight === undefined ? {} : { weight }),
    ...(drain === undefined ? {} : { drainForMs: forMs }),
  };
}

async function readHistory({ query, table, signal }: Asked, ports: ApiPorts): Promise<unknown> {
  const { since = '7d', parts = '168' } = parsed(HISTORY_QUERY, query);
  const sinceMs = parseDuration(since);
  if (sinceMs === undefined || sinceMs < 60_000 || sinceMs > MAX_SINCE_MS)
    throw new ApiRefusal(400, 'since: a duration from 1m to 90d');
  return historyIn(await ports.history(sinceMs, Math.min(MAX_PARTS, Number(parts)), signal), table);
}

async function reload({ body, table }: Asked, ports: ApiPorts): Promise<unknown> {
  parsed(schemas.NOTHING, body);
  if (ports.reload === undefined) throw new ApiRefusal(404, 'this Rondo keeps its configuration to the end');
  const answer = await ports.reload(table);
  if (answer.kind === 'done') return answer.page;
  const { message, hint } = answer.error;
  throw new ApiRefusal(422, message, hint);
}
