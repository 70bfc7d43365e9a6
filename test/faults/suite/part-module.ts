import { fixtureModule, noiseFiles, type FixtureModule } from '../../support/fixture-modules.ts';

/** How many modules the project of the builds needs. */
export const PARTS = 20;

const ZIP_MIB = 0.0625;

/** One of them, from 0, which needs the two before it; the same every time. */
export function partModule(n: number, version: string): Promise<FixtureModule> {
  const path = partPath(n);
  const needs = [n - 2, n - 1].filter((need) => need >= 0).map(partPath);
  return fixtureModule({
    path,
    version,
    requires: Object.fromEntries(needs.map((need) => [need, version])),
    files: noiseFiles(path, version, ZIP_MIB),
    compress: false,
  });
}

function partPath(n: number): string {
  return `example.com/part/p${n}`;
}
