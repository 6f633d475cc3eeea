/**
 * The host's own Open vSwitch. Labs bring theirs, so it can be missing; but one that hangs is what
 * makes `ovs-vsctl` wait for ever, and the three reasons for that have three remedies.
 */
import type { Check, Finding } from '../finding.js';
import type { Machine } from '../machine.js';

const folder = '/run/openvswitch';
const question = ['ovs-vsctl', '--timeout=1', '--no-wait', 'get', 'Open_vSwitch', '.', '_uuid'];
const restart = 'sudo systemctl restart openvswitch-switch';
const start =
  'sudo systemctl start openvswitch-switch (without systemd: ' +
  'sudo /usr/share/openvswitch/scripts/ovs-ctl start --system-id=random)';

type Daemon = 'ovsdb-server' | 'ovs-vswitchd';

function yes(sentence: string): Finding {
  return { id: 'ovs-host', ok: 'yes', sentence };
}

/** What keeps the host's Open vSwitch from answering. */
interface Trouble {
  sentence: string;
  remedy: string;
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
function stuck(machine: Machine, daemon: Daemon): Trouble | null {
  const found = processOf(machine, daemon);
  if (found?.state === 'T' || found?.state === 't') {
    return {
      sentence: `The host's ${daemon} (process ${found.pid}) is stopped.`,
      remedy: `sudo kill -CONT ${found.pid}`,
    };
  }
  if (found?.state === 'D') {
    return {
      sentence: `The host's ${daemon} (process ${found.pid}) is blocked in the kernel and cannot be killed.`,
      remedy: `To see what blocks it: sudo cat /proc/${found.pid}/stack; if it does not recover, reboot.`,
    };
  }
  return null;
}

function isRunning(machine: Machine): boolean {
  return machine.exists(`${folder}/db.sock`);
}

/** Why it does not answer, or null; `unseen` when only root may ask. */
async function trouble(machine: Machine): Promise<Trouble | 'unseen' | null> {
  if (processOf(machine, 'ovsdb-server') === null) {
    return {
      sentence: `${folder}/db.sock exists, but no ovsdb-server answers on it: it was left by a daemon that died.`,
      remedy: restart,
    };
  }
  const halted = stuck(machine, 'ovsdb-server') ?? stuck(machine, 'ovs-vswitchd');
  if (halted !== null) return halted;
  const { outcome, exitCode, stderr } = await machine.run(question);
  if (/permission denied/i.test(stderr)) return 'unseen';
  if (outcome === 'timed out' || exitCode !== 0) {
    return {
      sentence: "The host's ovsdb-server runs, but did not answer within a second.",
      remedy: restart,
    };
  }
  if (processOf(machine, 'ovs-vswitchd') === null) {
    return {
      sentence:
        "The host's ovsdb-server runs and ovs-vswitchd does not: ovs-vsctl waits for it forever.",
      remedy: restart,
    };
  }
  return null;
}

export const checkOvsHost: Check = async (machine) => {
  if (!isRunning(machine)) {
    return yes("The host's own Open vSwitch does not run; labs start theirs.");
  }
  const found = await trouble(machine);
  if (found === null) return yes("The host's own Open vSwitch runs; labs do not use it.");
  if (found === 'unseen') {
    return yes("The host's own Open vSwitch runs; only root can query it, and labs do not use it.");
  }
  const sentence = `${found.sentence} Labs are not affected.`;
  return { id: 'ovs-host', ok: 'warning', sentence, remedy: found.remedy };
};

/** The same look for a lab that is to use it: there it has to run. For root. */
export const checkOvsHostAnswers: Check = async (machine) => {
  const found = isRunning(machine)
    ? await trouble(machine)
    : { sentence: "The host's own Open vSwitch does not run.", remedy: start };
  if (found === null || found === 'unseen') return yes("The host's own Open vSwitch answers.");
  return { id: 'ovs-host', ok: 'no', ...found };
};
