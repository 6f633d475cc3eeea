/** The refusal of a site that only root can open. */
import type { SiteRefusal } from '../site.js';

/** For user `userId`, who asked for `--sandbox <name>`. */
export function needsRoot(name: string, userId: number): SiteRefusal {
  return {
    refused: `--sandbox ${name} needs root; this is user ${userId}.`,
    hint: 'Omit --sandbox to run in a user namespace, or run the command with sudo.',
  };
}
