// Imported for what it does, before anything that draws: a Chromium that is started with LANG=C says `en-US@posix`,
// and the charts' library hands that to Intl as it is loaded, which throws.
import { takenLocale } from './locale.ts';

const taken = takenLocale(navigator.language);
if (taken !== navigator.language)
  Object.defineProperty(navigator, 'language', { value: taken, configurable: true });
