import type { Case } from '../frame/types.ts';
import { SMALL_FILES } from './case-01-small-files.ts';
import { ZIP_FILES } from './case-02-zips.ts';
import { LISTS } from './case-03-lists.ts';
import { COLD_ZIP } from './case-04-cold-zip.ts';
import { CROWD } from './case-05-crowd.ts';
import { PROJECT_DOWNLOAD } from './case-06-project.ts';
import { BAD_MIRROR } from './case-07-bad-mirror.ts';
import { WARM_PROJECT } from './case-08-warm-project.ts';
import { SLOW_MIRROR } from './case-09-slow-mirror.ts';
import { RECOVERY } from './case-10-recovery.ts';
import { HEALTHY_MIRRORS } from './case-11-healthy-mirrors.ts';
import { START } from './case-12-start.ts';
import { MEMORY } from './case-13-memory.ts';
import { EVENT_LOOP } from './case-14-event-loop.ts';
import { RELOAD } from './case-15-reload.ts';
import { TEAM } from './case-16-team.ts';
import { WATCHED_SMALL_FILES } from './case-17-watched.ts';

/** Every case that is measured, in the order of the performance table. */
export const CASES: readonly Case[] = [
  SMALL_FILES,
  ZIP_FILES,
  LISTS,
  COLD_ZIP,
  CROWD,
  PROJECT_DOWNLOAD,
  BAD_MIRROR,
  WARM_PROJECT,
  SLOW_MIRROR,
  RECOVERY,
  HEALTHY_MIRRORS,
  START,
  MEMORY,
  EVENT_LOOP,
  RELOAD,
  TEAM,
  WATCHED_SMALL_FILES,
];
