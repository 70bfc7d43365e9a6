import '../support/loopback-only.ts';
import { BROKEN_ROWS } from './rows/broken-rows.ts';
import { testRows } from './suite/test-suite.ts';

testRows(BROKEN_ROWS);
