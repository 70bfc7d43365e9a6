import '../support/loopback-only.ts';
import { SLOW_ROWS } from './rows/slow-rows.ts';
import { testRows } from './suite/test-suite.ts';

testRows(SLOW_ROWS);
