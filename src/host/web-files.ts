import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of a web page. */
export type WebFile = {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The same compressed, where the folder has that. */
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
};

/** The files of a folder by their names below it, with `/` between: `index.html`, `-/ui/app.js`. */
export type WebFiles = () => Promise<ReadonlyMap<string, WebFile>>;

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.webmanifest', 'application/manifest+json'],
]);

/** The page is a hundredth of that: whatever else the folder is, it is not read. */
const MOST_FILES = 500;

/**
 * The files of a folder, read once, when first asked for: whatever a request names is looked up among them and never on
 * the disk. Types that no page has are left out, and none are there where the folder is not. Never rejects.
 */
export function createWebFiles(folder: URL): WebFiles {
  let reading: Promise<ReadonlyMap<string, WebFile>> | undefined;
  return () => {
    reading ??= readFolder(folder).catch(() => new Map());
    return reading;
  };
}

async function readFolder(folder: URL): Promise<ReadonlyMap<string, WebFile>> {
  const entries = await readdir(fileURLToPath(folder), { recursive: true });
  const names = new Set(entries.slice(0, MOST_FILES).map((name) => name.replaceAll('\\', '/')));
  const read = async (name: string): Promise<Buffer | undefined> =>
    names.has(name) ? readFile(new URL(encodeURI(name), folder)) : undefined;
  const files = new Map<string, WebFile>();
  for (const name of names) {
    const contentType = TYPES.get(extname(name));
    const bytes = contentType === undefined ? undefined : await read(name);
    if (contentType === undefined || bytes === undefined) continue;
    files.set(name, { contentType, bytes, brotli: await read(`${name}.br`), gzip: await read(`${name}.gz`) });
  }
  return files;
}
