/** The frame of every page: search, navigation, the headings of the page, light and dark. */
import type { Section } from './markdown.js';

export interface NavigationLink {
  title: string;
  address: string;
  /** What a reader who follows it wants to do. */
  wish: string;
  current: boolean;
}

export interface PageParts {
  title: string;
  html: string;
  sections: Section[];
  links: NavigationLink[];
  /** From the page to the root of the site: empty or `../` repeated. */
  toRoot: string;
  version: string;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function contents(sections: Section[]): string {
  const shown = sections.filter(({ level }) => level === 2);
  if (shown.length < 2) return '';
  const lines = shown.map(
    ({ text, anchor }) => `<li><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  );
  return `<ul class="contents">${lines.join('')}</ul>`;
}

function navigation(links: NavigationLink[], sections: Section[]): string {
  const items = links.map(({ title, address, wish, current }) => {
    const mark = current ? ' aria-current="page"' : '';
    const link = `<a href="${address}" title="${escapeHtml(wish)}"${mark}>${escapeHtml(title)}</a>`;
    return `<li>${link}${current ? contents(sections) : ''}</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

export function layOut({ title, html, sections, links, toRoot, version }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · failover-lab</title>
<link rel="stylesheet" href="${toRoot}site.css">
</head>
<body data-root="${toRoot}">
<a class="skip" href="#text">Skip to the text</a>
<header>
<a class="home" href="${toRoot}index.html">failover-lab <small>${escapeHtml(version)}</small></a>
<search><label class="hidden" for="query">Search the documents</label>
<input id="query" type="search" placeholder="Search ( / )" autocomplete="off" hidden></search>
<button id="theme" type="button" hidden>Dark</button>
</header>
<section id="found" aria-live="polite" aria-label="Found" hidden></section>
<div class="columns">
<details class="navigation" open><summary>Documents</summary><nav aria-label="Documents">
${navigation(links, sections)}
</nav></details>
<main id="text">
${html}
</main>
</div>
<script src="${toRoot}search-index.js" defer></script>
<script src="${toRoot}site.js" defer></script>
</body>
</html>
`;
}
