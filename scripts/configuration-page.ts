/** Prints docs/reference/configuration.md: `node scripts/configuration-page.ts > docs/reference/configuration.md`. */
import { configurationPage } from '../src/config/reference-page.ts';

process.stdout.write(configurationPage());
