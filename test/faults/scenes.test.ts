import '../support/loopback-only.ts';
import { SCENES } from './suite/scenes/scenes.ts';
import { testScenes } from './suite/test-suite.ts';

testScenes(SCENES);
