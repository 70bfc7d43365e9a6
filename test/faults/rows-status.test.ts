import '../support/loopback-only.ts';
import { STATUS_ROWS } from './rows/status-rows.ts';
import { testRows } from './suite/test-suite.ts';

testRows(STATUS_ROWS);
