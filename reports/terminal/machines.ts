/** How other machines get on with a campaign, a line at a time. */
import { escapeText } from '../escape.js';

/** What became of a machine; the same shape as the campaign reports. */
type News =
  | { state: 'ready'; machine: string; slots: number }
  | { state: 'left-out'; machine: string; trouble: { message: string; hint?: string | undefined } }
  | { state: 'kept-apart'; machine: string; differences: readonly string[] }
  | {
      state: 'failed';
      machine: string;
      trial: number | null;
      trouble: { message: string; hint?: string | undefined };
    }
  | { state: 'back'; machine: string }
  | { state: 'begun'; machine: string; trial: number }
  | { state: 'phase'; machine: string; trial: number; phase: string }
  | { state: 'done'; machine: string; trial: number; tookMs: number };

/** Phases that are worth a line: those in which most of a trial's time goes. */
const shownPhases: Readonly<Record<string, string>> = { traffic: 'traffic' };

export class MachineLines {
  #any = false;

  /** Whether a machine was heard of: trials are executed elsewhere. */
  get any(): boolean {
    return this.#any;
  }

  /** What is to be printed behind the machine's name; null: it is not worth a line. */
  take(news: News): string | null {
    this.#any = true;
    return sentenceOf(news);
  }
}

function sentenceOf(news: News): string | null {
  switch (news.state) {
    case 'ready':
      return `ready, ${news.slots === 1 ? '1 trial' : `${news.slots} trials`} at a time`;
    case 'left-out':
      return `left out: ${withHint(news.trouble)}`;
    case 'kept-apart':
      return `kept apart, since its figures are not comparable in real time: ${escapeText(news.differences.join(', '))}`;
    case 'failed': {
      if (news.trial !== null) {
        return `trial ${news.trial + 1} is executed elsewhere: ${withHint(news.trouble)}`;
      }
      // The line begins with the machine's name already.
      const { message } = news.trouble;
      const named = message.startsWith(`${news.machine} `);
      const said = named ? message.slice(news.machine.length + 1) : message;
      return withHint({ ...news.trouble, message: said });
    }
    case 'back':
      return 'answers again';
    case 'begun':
      return `trial ${news.trial + 1} began`;
    case 'done':
      return `trial ${news.trial + 1} done in ${(news.tookMs / 1000).toFixed(1)} s`;
    case 'phase': {
      const shown = shownPhases[news.phase];
      return shown === undefined ? null : `trial ${news.trial + 1} ${shown}`;
    }
  }
}

function withHint({ message, hint }: { message: string; hint?: string | undefined }): string {
  return escapeText(hint === undefined ? message : `${message} ${hint}`);
}
