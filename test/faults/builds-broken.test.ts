import '../support/loopback-only.ts';
import { BROKEN_ROWS } from './rows/broken-rows.ts';
import { testBuilds } from './suite/test-builds.ts';

await testBuilds(BROKEN_ROWS);
