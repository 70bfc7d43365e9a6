import type { Table } from './render.ts';
import { ZH_ALERTS } from './zh-alerts.ts';
import { ZH_API } from './zh-api.ts';
import { ZH_COMMANDS } from './zh-commands.ts';
import { ZH_CONFIGURATION } from './zh-configuration.ts';
import { ZH_DOCTOR } from './zh-doctor.ts';
import { ZH_GO_MOD } from './zh-go-mod.ts';
import { ZH_HELP } from './zh-help.ts';
import { ZH_KEYS } from './zh-keys.ts';
import { ZH_MIRRORS } from './zh-mirrors.ts';
import { ZH_OPTIONS } from './zh-options.ts';
import { ZH_NOTICES } from './zh-notices.ts';
import { ZH_HISTORY } from './zh-history.ts';
import { ZH_RUNNING } from './zh-running.ts';
import { ZH_SERVER } from './zh-server.ts';
import { ZH_SYNC } from './zh-sync.ts';
import { ZH_TELEMETRY } from './zh-telemetry.ts';
import { ZH_USAGE } from './zh-usage.ts';
import { ZH_WHY } from './zh-why.ts';

/**
 * Simplified Chinese. The slots of a sentence stand where Chinese has them. A sentence that is in none of the tables does
 * not compile (sentences.ts); `words.test.ts` compares the slots.
 */
export const ZH: Table = {
  sentences: {
    ...ZH_ALERTS,
    ...ZH_API,
    ...ZH_COMMANDS,
    ...ZH_CONFIGURATION,
    ...ZH_DOCTOR,
    ...ZH_GO_MOD,
    ...ZH_HELP,
    ...ZH_KEYS,
    ...ZH_MIRRORS,
    ...ZH_OPTIONS,
    ...ZH_NOTICES,
    ...ZH_HISTORY,
    ...ZH_RUNNING,
    ...ZH_SERVER,
    ...ZH_SYNC,
    ...ZH_TELEMETRY,
    ...ZH_USAGE,
    ...ZH_WHY,
  },
  between: { ', ': '，', '; ': '；', ' and ': '和', ' or ': '或' },
};
