import '../support/loopback-only.ts';
import { CONTENT_ROWS } from './rows/content-rows.ts';
import { testBuilds } from './suite/test-builds.ts';

await testBuilds(CONTENT_ROWS);
