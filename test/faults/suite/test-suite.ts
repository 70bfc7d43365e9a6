import { test } from 'node:test';
import type { Row } from '../rows/row.ts';
import { describeLine } from './line.ts';
import type { Scene } from './scenes/scene.ts';
import { DIVISOR, openSuite, type Suite } from './suite.ts';

let opened: Promise<Suite> | undefined;

function suite(): Promise<Suite> {
  opened ??= openSuite(DIVISOR);
  return opened;
}

/** A test for each of these rows, its times divided. */
export function testRows(rows: readonly Row[]): void {
  for (const row of rows) {
    test(`${row.name}: ${row.what}`, async (context) => {
      context.diagnostic(describeLine(await (await suite()).row(row)));
    });
  }
}

/** A test for each of these scenes, its times divided. */
export function testScenes(scenes: readonly Scene[]): void {
  for (const scene of scenes) {
    test(`${scene.name}: ${scene.what}`, async (context) => {
      context.diagnostic(describeLine(await (await suite()).scene(scene)));
    });
  }
}
