/** What every command gets from the program. */
import type { Screen } from './screen.js';

export interface CommandContext {
  /** Folder whose `scenarios/` is searched by name. */
  root: string;
  screen: Screen;
  /** Set the exit code of the program. */
  exit(code: number): void;
  /** A path as people like to read it. */
  relative(path: string): string;
}
