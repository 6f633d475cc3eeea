/**
 * Names and sentences from a record may hold anything. Each target of output has its own way to
 * make them harmless; every report passes foreign text through one of these.
 */

/**
 * Characters that take exactly one column, move no cursor and turn no direction: ASCII, Latin,
 * Greek, Cyrillic, and the punctuation, arrows and signs that our own sentences use.
 */
const plainCharacter =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2070-\u209c\u2190-\u22ff\u2500-\u259f]$/u;

/** Text for a terminal or a log: control, invisible, turning and wide characters as `\u{…}`. */
export function escapeText(text: string): string {
  let escaped = '';
  for (const character of text) {
    escaped += plainCharacter.test(character)
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
  return escaped;
}

const xmlEntities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Text for XML 1.0 content or attributes. Characters that XML cannot hold (most controls, lone
 * surrogates) are written as `\u{…}`; line breaks and tabs survive.
 */
export function escapeXml(text: string): string {
  let escaped = '';
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    escaped += isXmlCharacter(point)
      ? (xmlEntities[character] ?? character)
      : `\\u{${point.toString(16)}}`;
  }
  return escaped;
}

/** The `Char` production of XML 1.0 §2.2, without the discouraged C1 controls. */
function isXmlCharacter(point: number): boolean {
  if (point === 0x9 || point === 0xa || point === 0xd) return true;
  if (point < 0x20 || (point >= 0x7f && point <= 0x9f)) return false;
  if (point >= 0xd800 && point <= 0xdfff) return false;
  return point < 0xfffe || (point >= 0x10000 && point <= 0x10ffff);
}

/** Text within a line of Markdown: no markup, no HTML, no mention of a person, no line break. */
export function escapeMarkdown(text: string): string {
  return escapeText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/([\\`*_[\]#|~])/g, '\\$1')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//');
}

/** A name that leaves room for what stands beside it: `max` characters at most, the rest as `…`. */
export function shorten(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}

/** Text inside a Markdown code block: it cannot end the block. */
export function escapeCodeBlock(text: string): string {
  return escapeText(text).replace(/`/g, "'");
}
