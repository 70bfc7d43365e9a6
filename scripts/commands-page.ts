/** Prints docs/reference/cli.md: `node scripts/commands-page.ts > docs/reference/cli.md`. */
import { commandsPage } from '../src/cli/commands-page.ts';

process.stdout.write(commandsPage());
