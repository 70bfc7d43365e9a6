import { CLIENT_SCENES } from './clients.ts';
import { HERD_SCENES } from './herd.ts';
import { MACHINE_SCENES } from './machine.ts';
import { CHAIN_SCENES } from './other-chains.ts';
import type { Scene } from './scene.ts';

/** Every scene. */
export const SCENES: readonly Scene[] = [
  ...CHAIN_SCENES,
  ...CLIENT_SCENES,
  ...HERD_SCENES,
  ...MACHINE_SCENES,
];

/** The scene with this name; throws where there is none. */
export function sceneOf(name: string): Scene {
  const found = SCENES.find((scene) => scene.name === name);
  if (found === undefined) throw new Error(`no scene is called ${name}`);
  return found;
}
