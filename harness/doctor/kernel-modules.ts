/** Kernel modules as the file system lists them, without loading any. */
import { kernelRelease, type Machine } from './machine.js';

export interface ModuleState {
  /** In the running kernel now, loaded or built in. */
  active: boolean;
  /** Path of the file that `modprobe` would load for the running kernel, or null. */
  path: string | null;
  /** There is such a file for the running kernel, but `modules.dep` does not list it. */
  unlisted: string | null;
  /** Releases of other installed kernels that have the module. */
  otherReleases: string[];
}

const usualFolders = ['updates/dkms', 'updates', 'extra', 'kernel/net/openvswitch'];

/** Module names and file names differ in dashes: vport-gre.ko is the module vport_gre. */
function pattern(name: string): RegExp {
  const file = name.replace(/[-_]/g, '[-_]');
  return new RegExp(`^([^:\\n]*/)?${file}\\.ko(\\.(gz|xz|zst))?(?=:|$)`, 'm');
}

function listed(machine: Machine, release: string, name: string): string | null {
  const found = pattern(name).exec(machine.read(`/lib/modules/${release}/modules.dep`) ?? '');
  if (found === null) return null;
  return found[0].startsWith('/') ? found[0] : `/lib/modules/${release}/${found[0]}`;
}

function unlisted(machine: Machine, release: string, name: string): string | null {
  for (const folder of usualFolders) {
    const path = `/lib/modules/${release}/${folder}`;
    const file = machine.list(path).find((entry) => pattern(name).test(entry));
    if (file !== undefined) return `${path}/${file}`;
  }
  return null;
}

export function moduleState(machine: Machine, name: string): ModuleState {
  const release = kernelRelease(machine);
  const underscored = name.replaceAll('-', '_');
  const builtIn = machine.read(`/lib/modules/${release}/modules.builtin`) ?? '';
  const loaded = machine.read('/proc/modules') ?? '';
  const path = listed(machine, release, name);
  return {
    active:
      machine.exists(`/sys/module/${underscored}`) ||
      new RegExp(`^${underscored} `, 'm').test(loaded) ||
      pattern(name).test(builtIn),
    path,
    unlisted: path === null ? unlisted(machine, release, name) : null,
    otherReleases: machine
      .list('/lib/modules')
      .filter((other) => other !== release && listed(machine, other, name) !== null),
  };
}

export interface ModuleFacts {
  /** Kernel release it was built for: the first word of its vermagic. */
  builtFor: string;
  /** Part of the kernel's own source; others come from DKMS or were built by hand. */
  inTree: boolean;
}

/** Reads what a module file says about itself; compressed ones through modinfo(8). */
export async function moduleFacts(machine: Machine, path: string): Promise<ModuleFacts | null> {
  let text: string;
  if (path.endsWith('.ko')) {
    text = Buffer.from(machine.readBytes(path) ?? []).toString('latin1');
  } else {
    const { stdout } = await machine.run(['modinfo', path]);
    text = stdout.replace(/^(\w+): +/gm, '$1=').replaceAll('\n', '\0');
  }
  const builtFor = /(?:^|\0)vermagic=(\S+)/.exec(text)?.[1];
  if (builtFor === undefined) return null;
  return { builtFor, inTree: /(?:^|\0)intree=Y/.test(text) || path.includes('/kernel/') };
}
