/** One document as HTML, with the anchors that GitHub gives its headings. */
import GithubSlugger from 'github-slugger';
import highlight from 'highlight.js/lib/core';
import shell from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import MarkdownIt, { type Token } from 'markdown-it';

export interface Heading {
  level: number;
  text: string;
  anchor: string;
}

/** A heading with the text below it, up to the next heading: what the search finds. */
export interface Section extends Heading {
  body: string;
}

export interface Rendered {
  title: string;
  html: string;
  sections: Section[];
}

const languages = { diff, json, python, sh: shell, ts: typescript, yaml };
for (const [name, grammar] of Object.entries(languages)) {
  highlight.registerLanguage(name, grammar);
}

function coloured(code: string, language: string): string {
  if (!highlight.getLanguage(language)) return '';
  return highlight.highlight(code, { language }).value;
}

const markdown = new MarkdownIt({ html: true, highlight: coloured });

/** Words of a line without its marks. */
function plainText(token: Token | undefined): string {
  const parts = token?.children ?? [];
  return parts.map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}

/**
 * @param linkTo the address in the site of a link in the document; null = no link, only its text.
 */
export function render(text: string, linkTo: (link: string) => string | null): Rendered {
  const tokens = markdown.parse(text, {});
  const slugger = new GithubSlugger();
  const sections: Section[] = [];
  for (const [index, token] of tokens.entries()) {
    const inline = tokens[index + 1];
    if (token.type === 'heading_open') {
      const heading = plainText(inline);
      const anchor = slugger.slug(heading);
      token.attrSet('id', anchor);
      sections.push({ level: Number(token.tag.slice(1)), text: heading, anchor, body: '' });
    } else if (token.type === 'inline' && tokens[index - 1]?.type !== 'heading_open') {
      add(sections, plainText(token));
    } else if (token.type === 'fence') add(sections, token.content);
    direct(token, linkTo);
  }
  const html = framed(markdown.renderer.render(tokens, markdown.options, {}));
  return { title: sections[0]?.text ?? '', html, sections };
}

function add(sections: Section[], words: string): void {
  const last = sections.at(-1);
  if (last) last.body += ` ${words}`;
}

/** Directs the links and pictures of a line into the site. */
function direct({ children }: Token, linkTo: (link: string) => string | null): void {
  const ends: Token[] = [];
  for (const child of children ?? []) {
    if (child.type === 'link_open') {
      const address = linkTo(String(child.attrGet('href') ?? ''));
      if (address === null) child.tag = 'span';
      else child.attrSet('href', address);
      if (address === null) child.attrs = [];
      ends.push(child);
    } else if (child.type === 'link_close') child.tag = ends.pop()?.tag ?? 'a';
  }
}

/** Wide tables and blocks scroll by themselves, also by keyboard. */
function framed(html: string): string {
  return html
    .replaceAll(
      '<table>',
      '<div class="wide" tabindex="0" role="region" aria-label="table"><table>',
    )
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0" role="region" aria-label="code">');
}
