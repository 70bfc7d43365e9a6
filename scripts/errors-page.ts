/** Prints docs/reference/errors.md: `node scripts/errors-page.ts > docs/reference/errors.md`. */
import { errorsPage } from '../src/cli/errors-page.ts';

process.stdout.write(errorsPage());
