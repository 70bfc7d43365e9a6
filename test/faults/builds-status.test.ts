import '../support/loopback-only.ts';
import { STATUS_ROWS } from './rows/status-rows.ts';
import { testBuilds } from './suite/test-builds.ts';

await testBuilds(STATUS_ROWS);
