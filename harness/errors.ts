/**
 * The one error class of the project, and the table of its codes. An expected outcome of a
 * measurement (no recovery, too few trials) is a value in a result, never a `LabError`.
 */

/** Exit codes of the command, in words. `--help` prints this table. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  regression: 3,
  wrongUse: 64,
  machineLacks: 69,
  internal: 70,
  interrupted: 130,
} as const;

/** Every code an error may carry, with the exit code it leads to. */
export const errorCodes = {
  WRONG_USE: exitCodes.wrongUse,
  UNKNOWN_SCENARIO: exitCodes.wrongUse,
  SCENARIO_UNREADABLE: exitCodes.wrongUse,
  SCENARIO_INVALID: exitCodes.wrongUse,
  IMPORT_REFUSED: exitCodes.wrongUse,
  RECORD_UNREADABLE: exitCodes.wrongUse,
  RECORD_TOO_LARGE: exitCodes.wrongUse,
  MACHINE_LACKS: exitCodes.machineLacks,
  SANDBOX_FAILED: exitCodes.machineLacks,
  RUN_FOLDER_UNWRITABLE: exitCodes.machineLacks,
  NOT_READY: exitCodes.inconclusive,
  FAULT_NOT_APPLIED: exitCodes.inconclusive,
  TRAFFIC_FAILED: exitCodes.inconclusive,
  PROGRAM_FAILED: exitCodes.inconclusive,
  WATCH_FAILED: exitCodes.inconclusive,
  CONTROLLER_FAILED: exitCodes.inconclusive,
  RUNNER_FAILED: exitCodes.inconclusive,
  BRIDGE_FAILED: exitCodes.inconclusive,
  BUILD_FAILED: exitCodes.inconclusive,
  TIMED_OUT: exitCodes.inconclusive,
  PROPERTY_BROKEN: exitCodes.fail,
  NO_VALID_TRIAL: exitCodes.inconclusive,
  MACHINE_LOST: exitCodes.inconclusive,
  INTERRUPTED: exitCodes.interrupted,
  INTERNAL: exitCodes.internal,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface LabErrorOptions {
  /** What the reader can do about it, as a sentence. */
  hint?: string;
  cause?: unknown;
  /** Machine-readable facts, printed with `--json`. */
  details?: Record<string, unknown>;
}

/** A failure that ends a command: says what failed on what, and what to do. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  /** The exit code that this error's code leads to. */
  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
