import { configurationPage } from '../config/reference-page.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';

/** `rondo config docs`: the reference of all keys, as Markdown. */
export function printConfigDocs(context: CliContext): Promise<number> {
  context.data(configurationPage());
  return Promise.resolve(EXIT.ok);
}
