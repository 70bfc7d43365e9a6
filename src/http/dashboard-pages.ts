import type { IncomingHttpHeaders } from 'node:http';
import { IMMUTABLE } from './cache-control.ts';
import type { Exchange } from './exchange.ts';
import { sendProblem, sendWhole } from './send-whole.ts';

/** One file of the dashboard. */
export type PageFile = {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
};

/** The dashboard's files by their names; none where it was not built. Never rejects. */
export type PageFiles = () => Promise<ReadonlyMap<string, PageFile>>;

/** The dashboard's scripts, styles and pictures are below this. */
export const UI_PREFIX = '/-/ui/';

const INDEX = 'index.html';

/** Nothing that Rondo does not serve itself is loaded, run, sent to or framed. */
const POLICY = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const GUARDS = [
  'Content-Security-Policy',
  POLICY,
  'X-Frame-Options',
  'DENY',
  'Referrer-Policy',
  'no-referrer',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Cross-Origin-Resource-Policy',
  'same-origin',
];

/** A name that holds a hash of the content, as Vite writes them: `app-BkU2xLq0.js`. */
const HASHED = /-[\w-]{8,}\.\w+$/;

/** Whether a browser wants a page: go never asks for one, and never gets one. */
export function wantsPage({ accept = '', 'user-agent': agent = '' }: IncomingHttpHeaders): boolean {
  return /(?:^|[\s,])text\/html/i.test(accept) && !/^(?:Go-http-client|Rondo)\b/i.test(agent);
}

/** Whether there is a page to answer with. */
export async function hasDashboard(files: PageFiles): Promise<boolean> {
  return (await files()).has(INDEX);
}

/** Answers with the page; false, and nothing is sent, where there is none. */
export async function sendDashboard(exchange: Exchange, files: PageFiles): Promise<boolean> {
  const index = (await files()).get(INDEX);
  if (index === undefined) return false;
  if (!exchange.closed) sendFile(exchange, index, 'no-cache');
  return true;
}

/** Answers with a file below UI_PREFIX. `path` is from the client: it is looked up as it is, and names nothing else. */
export async function sendAsset(exchange: Exchange, path: string, files: PageFiles): Promise<void> {
  const all = await files();
  if (exchange.closed) return;
  const name = path.slice(1);
  // Wherever the build has put them.
  const file = all.get(name) ?? all.get(path.slice(UI_PREFIX.length));
  if (file === undefined || name.endsWith('.html')) {
    sendProblem(exchange, 404, { message: 'the dashboard has no such file' });
    return;
  }
  sendFile(exchange, file, HASHED.test(name) ? IMMUTABLE : 'no-cache');
}

function sendFile(exchange: Exchange, file: PageFile, cacheControl: string): void {
  const accepted = exchange.request.headers['accept-encoding'];
  const { bytes, encoding } = smallest(file, typeof accepted === 'string' ? accepted : '');
  const headers = [
    'Content-Type',
    file.contentType,
    'Cache-Control',
    cacheControl,
    'Vary',
    'Accept, Accept-Encoding, User-Agent',
    ...GUARDS,
    ...(encoding === undefined ? [] : ['Content-Encoding', encoding]),
  ];
  sendWhole(exchange, 200, headers, bytes);
}

function smallest(
  { bytes, brotli, gzip }: PageFile,
  accepted: string,
): { readonly bytes: Buffer; readonly encoding?: string } {
  const takes = (coding: string): boolean =>
    accepted.split(',').some((each) => {
      // Not by a pattern that takes the spaces along: thousands of them would take it a second.
      const [name = '', quality = ''] = each.toLowerCase().split(';');
      return name.trim() === coding && !/^q=0(?:\.0*)?$/.test(quality.trim());
    });
  if (brotli !== undefined && takes('br')) return { bytes: brotli, encoding: 'br' };
  if (gzip !== undefined && takes('gzip')) return { bytes: gzip, encoding: 'gzip' };
  return { bytes };
}
