/** What an import did not take from a file, or not as it stands, in sentences. Pure. */
import type { ImportNote, ImportNoteCode } from '../harness/model/import-note.js';

const namesShown = 6;

/** One sentence a note; the first words name the nodes, links or fields of the file. */
export function importNoteTexts(notes: readonly ImportNote[]): string[] {
  return notes.map((note) => `${listed(note.names)}: ${sentences[note.code](note)}`);
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = namesShown): string {
  const more = names.length - most;
  const shown = names.slice(0, most).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

type Sentence = (note: ImportNote) => string;

const sentences: Readonly<Record<ImportNoteCode, Sentence>> = {
  'fields-not-needed': () => 'fields that the network does not need',
  'speed-in-words': ({ setting = '' }) =>
    `'${setting}' states no speed in bit/s; the links have no limit`,
  'too-fast': ({ setting = '' }) =>
    `${setting} is not applied: a link of a lab has at most 1 Gbit/s; without a limit it carries what the machine can`,
  'too-slow': ({ setting = '' }) => `${setting} is not applied: a link has at least 1 kbit/s`,
  'no-coordinates': () => 'no latitude and longitude; their links have no delay',
  'no-delays': () => 'no delays, because of --no-delays',
  'link-to-itself': () => 'an edge from a node to itself is not a link',
  'both-directions': () => 'an edge in each direction is one link, which carries both',
  apart: () => 'not joined to the largest part of the map, and left out',
  'element-not-read': () => 'elements of the file that are neither nodes nor edges',
};
