/** A term with its meaning beside it: on hover, on focus by the keyboard, and on a touch. */
import { type Term, terms } from '../../terms.js';
import { type Html, html } from '../markup.js';

/** @param shown How the term is written here; left out: as it is. */
export function termed(term: Term, shown: string = term): Html {
  return html`<span class="term" tabindex="0" role="note" aria-label="${shown}: ${terms[term]}" data-help="${terms[term]}">${shown}</span>`;
}
