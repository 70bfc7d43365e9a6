/**
 * Imported before uPlot, which makes a NumberFormat of `navigator.language` as it is loaded. That throws where it is no
 * language, and the page would stay empty: Chromium says `en-US@posix` where the locale of the system is C or POSIX.
 */
function isKnown(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}

if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en' });
