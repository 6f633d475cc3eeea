/** What the search knows: each heading of each page with the text below it. */

export interface FoundSection {
  /** From the root of the site, with its anchor. */
  address: string;
  /** Title of the page. */
  page: string;
  heading: string;
  body: string;
}

/** A classic script, since a page from disk may load neither a module nor JSON. */
export function indexScript(sections: FoundSection[]): string {
  const compact = sections.map(({ body, ...rest }) => ({
    ...rest,
    body: body.replaceAll(/\s+/g, ' ').trim(),
  }));
  return `globalThis.failoverLabSections = ${JSON.stringify(compact)};\n`;
}
