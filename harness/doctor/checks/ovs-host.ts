/**
 * The host's own Open vSwitch. Labs bring theirs, so it can be missing; but one that hangs is what
 * makes `ovs-vsctl` wait for ever, and the three reasons for that have three remedies.
 */
import type { Check, Finding } from '../finding.js';
import type { Machine } from '../machine.js';

const folder = '/run/openvswitch';
const question = ['ovs-vsctl', '--timeout=1', '--no-wait', 'get', 'Open_vSwitch', '.', '_uuid'];
const restart = 'sudo systemctl restart openvswitch-switch';

type Daemon = 'ovsdb-server' | 'ovs-vswitchd';

function yes(sentence: string): Finding {
  return { id: 'ovs-host', ok: 'yes', sentence };
}

function warning(sentence: string, remedy: string): Finding {
  return { id: 'ovs-host', ok: 'warning', sentence: `${sentence} Labs are not affected.`, remedy };
}

/** The daemon's process by its own pid file: labs run daemons of the same name. */
function processOf(machine: Machine, daemon: Daemon): { pid: string; state: string } | null {
  const pid = machine.read(`${folder}/${daemon}.pid`)?.trim() ?? '';
  if (!/^\d+$/.test(pid)) return null;
  if (machine.read(`/proc/${pid}/comm`)?.trim() !== daemon) return null;
  const stat = machine.read(`/proc/${pid}/stat`) ?? '';
  return { pid, state: stat.slice(stat.lastIndexOf(')') + 2).charAt(0) };
}

/** A daemon that is there and cannot run. */
function stuck(machine: Machine, daemon: Daemon): Finding | null {
  const found = processOf(machine, daemon);
  if (found?.state === 'T' || found?.state === 't') {
    return warning(
      `The host's ${daemon} (process ${found.pid}) is stopped.`,
      `sudo kill -CONT ${found.pid}`,
    );
  }
  if (found?.state === 'D') {
    return warning(
      `The host's ${daemon} (process ${found.pid}) waits for the kernel and cannot be killed.`,
      `See what it waits for: sudo cat /proc/${found.pid}/stack; if it stays so, reboot.`,
    );
  }
  return null;
}

export const checkOvsHost: Check = async (machine) => {
  if (!machine.exists(`${folder}/db.sock`)) {
    return yes("The host's own Open vSwitch does not run; labs start theirs.");
  }
  if (processOf(machine, 'ovsdb-server') === null) {
    return warning(
      `${folder}/db.sock is there, but no ovsdb-server answers it: a daemon that died left it.`,
      restart,
    );
  }
  const halted = stuck(machine, 'ovsdb-server') ?? stuck(machine, 'ovs-vswitchd');
  if (halted !== null) return halted;
  const { outcome, exitCode, stderr } = await machine.run(question);
  if (/permission denied/i.test(stderr)) {
    return yes("The host's own Open vSwitch runs; only root may ask it, and labs do not.");
  }
  if (outcome === 'timed out' || exitCode !== 0) {
    return warning("The host's ovsdb-server runs, but did not answer within a second.", restart);
  }
  if (processOf(machine, 'ovs-vswitchd') === null) {
    return warning(
      "The host's ovsdb-server runs and ovs-vswitchd does not: ovs-vsctl waits for it for ever.",
      restart,
    );
  }
  return yes("The host's own Open vSwitch runs; labs do not touch it.");
};
