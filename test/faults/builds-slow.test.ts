import '../support/loopback-only.ts';
import { SLOW_ROWS } from './rows/slow-rows.ts';
import { testBuilds } from './suite/test-builds.ts';

await testBuilds(SLOW_ROWS);
