import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { sayIn, type Language, type Say } from '../words/say.ts';
import { figuresIn, type Figures } from './figures.ts';

/** In which words and figures the page speaks. */
export type Reader = { readonly language: Language; readonly say: Say; readonly figures: Figures };

/** The reader of one language. */
export function readerOf(language: Language): Reader {
  return { language, say: sayIn(language), figures: figuresIn(language) };
}

/** Where components find the reader. */
export const ReaderContext: ReturnType<typeof createContext<Reader>> = createContext(readerOf('en'));

/** The reader, in a component. */
export function useReader(): Reader {
  return useContext(ReaderContext);
}
