/** The search: words or their beginnings, with a typing mistake forgiven, best section first. */
import MiniSearch from 'minisearch';
import type { FoundSection } from '../search-index.js';

declare global {
  // The script before this one sets it.
  var failoverLabSections: FoundSection[] | undefined;
}

const shownMax = 12;
const excerptLength = 140;

function makeIndex(sections: FoundSection[]): MiniSearch {
  const index = new MiniSearch({
    idField: 'address',
    fields: ['heading', 'page', 'body'],
    storeFields: ['page', 'heading', 'body'],
    // `networkOutage.atMost` is found by either part.
    tokenize: (text) => text.split(/[^\p{L}\p{N}_-]+/u).filter(Boolean),
    searchOptions: {
      boost: { heading: 4, page: 2 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
    },
  });
  index.addAll(sections);
  return index;
}

/** The words around the first one that was found. */
function excerpt(body: string, terms: string[]): string {
  const low = body.toLowerCase();
  const places = terms.map((term) => low.indexOf(term.toLowerCase())).filter((at) => at >= 0);
  const from = Math.max(0, Math.min(...places, body.length) - 40);
  const cut = body.slice(places.length === 0 ? 0 : from).slice(0, excerptLength);
  return `${from > 0 && places.length > 0 ? '…' : ''}${cut}…`;
}

function lineOf(found: { id: string; terms: string[]; [field: string]: unknown }): HTMLElement {
  const line = document.createElement('li');
  const link = document.createElement('a');
  link.href = `${document.body.dataset.root ?? ''}${found.id}`;
  link.textContent =
    found.page === found.heading ? String(found.page) : `${found.page}: ${found.heading}`;
  const words = document.createElement('p');
  words.textContent = excerpt(String(found.body), found.terms);
  line.append(link, words);
  return line;
}

function show(place: HTMLElement, index: MiniSearch, query: string): void {
  const found = query === '' ? [] : index.search(query).slice(0, shownMax);
  place.hidden = query === '';
  const list = document.createElement('ol');
  list.append(...found.map(lineOf));
  const nothing = document.createElement('p');
  nothing.textContent = `Nothing found for ${query}`;
  place.replaceChildren(found.length === 0 ? nothing : list);
}

export function startSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#query');
  const place = document.querySelector<HTMLElement>('#found');
  if (!field || !place || !globalThis.failoverLabSections) return;
  const sections = globalThis.failoverLabSections;
  let index: MiniSearch | undefined;
  const search = () => {
    index ??= makeIndex(sections);
    show(place, index, field.value.trim());
  };
  field.addEventListener('input', search);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') place.querySelector('a')?.click();
    if (event.key === 'Escape') {
      field.value = '';
      search();
    }
  });
  place.addEventListener('click', () => {
    place.hidden = true;
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === field) return;
    event.preventDefault();
    field.focus();
  });
  field.hidden = false;
}
