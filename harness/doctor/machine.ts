/**
 * A machine as the checks see it: files below a root and programs that answer within a time
 * limit. The root may be a recorded tree, so every check can be tried on machines long gone.
 */
export interface CommandResult {
  /** `ended`: it ran, well or not. `missing`: no such program. `timed out`: it was killed. */
  outcome: 'ended' | 'missing' | 'timed out';
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface Machine {
  nodeVersion: string;
  userId: number;
  /** The text of a file, or null when it cannot be read. */
  read(path: string): string | null;
  readBytes(path: string): Uint8Array | null;
  /** Whether the path leads somewhere; a dangling link does not. */
  exists(path: string): boolean;
  /** Names in a folder; none when there is no such folder. */
  list(path: string): string[];
  /** The error code of opening a device for reading and writing, or null when it opens. */
  openError(path: string): string | null;
  /** Runs a program once; asked again, it gives the first answer. Never rejects, never hangs. */
  run(argv: readonly string[]): Promise<CommandResult>;
}

/** The running kernel's release, as `uname -r` prints it. */
export function kernelRelease(machine: Machine): string {
  return machine.read('/proc/sys/kernel/osrelease')?.trim() ?? 'unknown';
}

/** A field of os-release(5), or an empty text. */
export function osRelease(machine: Machine, field: string): string {
  const text = machine.read('/etc/os-release') ?? machine.read('/usr/lib/os-release') ?? '';
  return new RegExp(`^${field}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
}

/** Where the root file system comes from: a device, or `overlay` and the like. */
function rootSource(machine: Machine): string {
  const mounts = machine.read('/proc/self/mounts') ?? '';
  return /^(\S+) \/ /m.exec(mounts)?.[1] ?? '';
}

/**
 * Whether this is a container, which has its kernel from elsewhere. A marker file alone is no
 * proof: virtual machines are made from container images too, but have a disk as their root.
 */
export function isContainer(machine: Machine): boolean {
  if ((machine.read('/run/systemd/container') ?? '').trim() !== '') return true;
  const marked = ['/.dockerenv', '/run/.containerenv'].some((path) => machine.exists(path));
  return marked && !rootSource(machine).startsWith('/dev/');
}
