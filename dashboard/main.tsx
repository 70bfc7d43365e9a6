import './show/browser-language.ts';
import { render } from 'preact';
import { openPage } from './live/page.ts';
import { App } from './sections/app.tsx';
import { firstLanguage, firstTheme, showLanguage, showTheme } from './show/preferences.ts';

const language = firstLanguage();
showLanguage(language, false);
showTheme(firstTheme());
const place = document.getElementById('page');
if (place !== null) render(<App page={openPage(language)} />, place);
