import type { Table } from './render.ts';
import { ZH_COMMANDS } from './zh-commands.ts';
import { ZH_CONFIGURATION } from './zh-configuration.ts';
import { ZH_HELP } from './zh-help.ts';
import { ZH_SERVER } from './zh-server.ts';

/**
 * Simplified Chinese. The slots of a sentence stand where Chinese has them. A sentence that is in none of the tables does
 * not compile (sentences.ts); `words.test.ts` compares the slots.
 */
export const ZH: Table = {
  sentences: { ...ZH_COMMANDS, ...ZH_CONFIGURATION, ...ZH_HELP, ...ZH_SERVER },
  between: { ', ': '，', '; ': '；', ' and ': '和', ' or ': '或' },
};
