/** The document around a page's parts: policy, style, data and script, all inside one file. */
import { createHash } from 'node:crypto';
import { escapeXml } from '../escape.js';
import type { Html } from './markup.js';

export interface PageParts {
  title: string;
  body: Html;
  style: string;
  script: string;
  /** Data elements by id; `packed` ones are gzip in base64, the others JSON. */
  data: Array<{ id: string; type: 'application/json' | 'text/plain'; text: string }>;
  /** What a page that is served may ask and submit to; a file talks to nothing. */
  connect?: "'self'" | "'none'";
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Only this very script and style run; nothing is loaded, sent, framed or submitted. */
export function policyOf(style: string, script: string, connect = "'none'"): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data: blob:',
    `connect-src ${connect}`,
    "base-uri 'none'",
    `form-action ${connect}`,
  ].join('; ');
}

/** A `</script` in code would end its element; within strings and patterns this one cannot. */
function inlineScript(script: string): string {
  return script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

export function pageOf({ title, body, style, script, data, connect }: PageParts): string {
  const code = inlineScript(script);
  const carried = data.map(
    ({ id, type, text }) => `<script type="${type}" id="${id}">${text}</script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeXml(policyOf(style, code, connect))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeXml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body.text}
${carried.join('\n')}
<script>${code}</script>
</body>
</html>
`;
}
