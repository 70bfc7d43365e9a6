import '../support/loopback-only.ts';
import { OUTAGE_ROWS } from './rows/outage-rows.ts';
import { testRows } from './suite/test-suite.ts';

testRows(OUTAGE_ROWS);
