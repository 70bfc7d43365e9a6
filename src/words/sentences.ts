import type { Text } from './text.ts';
import type { ZH_ALERTS } from './zh-alerts.ts';
import type { ZH_API } from './zh-api.ts';
import type { ZH_COMMANDS } from './zh-commands.ts';
import type { ZH_CONFIGURATION } from './zh-configuration.ts';
import type { ZH_DOCTOR } from './zh-doctor.ts';
import type { ZH_GO_MOD } from './zh-go-mod.ts';
import type { ZH_KEYS } from './zh-keys.ts';
import type { ZH_MIRRORS } from './zh-mirrors.ts';
import type { ZH_OPTIONS } from './zh-options.ts';
import type { ZH_NOTICES } from './zh-notices.ts';
import type { ZH_HISTORY } from './zh-history.ts';
import type { ZH_RUNNING } from './zh-running.ts';
import type { ZH_SYNC } from './zh-sync.ts';
import type { ZH_TELEMETRY } from './zh-telemetry.ts';
import type { ZH_USAGE } from './zh-usage.ts';
import type { ZH_WHY } from './zh-why.ts';
import type { ZH_HELP } from './zh-help.ts';
import type { ZH_SERVER } from './zh-server.ts';

/** Every sentence that Rondo says to people: its English, which is also its name in the tables of other languages. */
export type Sentence =
  | keyof typeof ZH_ALERTS
  | keyof typeof ZH_API
  | keyof typeof ZH_COMMANDS
  | keyof typeof ZH_CONFIGURATION
  | keyof typeof ZH_DOCTOR
  | keyof typeof ZH_GO_MOD
  | keyof typeof ZH_KEYS
  | keyof typeof ZH_MIRRORS
  | keyof typeof ZH_OPTIONS
  | keyof typeof ZH_NOTICES
  | keyof typeof ZH_HISTORY
  | keyof typeof ZH_RUNNING
  | keyof typeof ZH_SYNC
  | keyof typeof ZH_TELEMETRY
  | keyof typeof ZH_USAGE
  | keyof typeof ZH_WHY
  | keyof typeof ZH_HELP
  | keyof typeof ZH_SERVER;

/** What stands in a slot of a sentence. A string is a name, a number or a command: the same in every language. */
export type Value = string | number | Text;

/** The slots of a sentence: `{path}` takes a value of that name. */
export type Slots<S extends string> = { readonly [Name in SlotName<S>]: Value };

type SlotName<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | SlotName<Rest>
  : never;
