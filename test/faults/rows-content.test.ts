import '../support/loopback-only.ts';
import { CONTENT_ROWS } from './rows/content-rows.ts';
import { testRows } from './suite/test-suite.ts';

testRows(CONTENT_ROWS);
