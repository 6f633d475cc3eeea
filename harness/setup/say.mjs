/** Set-up prints on standard error only: standard output belongs to results. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A set-up that cannot go on. `exitCode` is one of those in `harness/errors.ts`. */
export class SetupError extends Error {
  constructor(message, exitCode) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}
