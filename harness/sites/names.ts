/** The words for `--sandbox`, and what each means. */
import { siteKinds } from './generated/sites.js';
import type { SiteKind } from './site.js';

type Asked = Extract<(typeof siteKinds)[number], { option: string }>['name'];

/** What `--sandbox` takes. */
export type SiteOption = 'auto' | Asked;

const kinds: readonly SiteKind[] = siteKinds;
const asked = kinds.filter(({ option }) => option !== null);

/** Every word, `auto` first. */
export const siteOptions = ['auto', ...asked.map(({ name }) => name)] as SiteOption[];

/** `root: in namespaces, opened by root; user: …`, for `--help`. */
export const siteHelp = asked.map(({ name, option }) => `${name}: ${option}`).join('; ');

/** The word by which a run that was made at the site `name` is resumed: what only `auto` takes, by it. */
export function resumedBy(name: string): SiteOption {
  const kind = kinds.find((one) => one.name === name);
  return (kind?.option === null ? 'auto' : name) as SiteOption;
}
