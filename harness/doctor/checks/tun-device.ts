import type { Check, Finding } from '../finding.js';
import { isContainer, type Machine } from '../machine.js';

export const tunPath = '/dev/net/tun';

const needs = 'which the userspace datapath needs';

function closed(sentence: string, remedy: string): Finding {
  return { id: 'tun', ok: 'warning', sentence, remedy };
}

function missing(machine: Machine): Finding {
  return closed(
    `${tunPath} does not exist, ${needs}.`,
    isContainer(machine)
      ? `Start the container with: docker run --device ${tunPath} --cap-add NET_ADMIN`
      : 'sudo modprobe tun',
  );
}

export const checkTunDevice: Check = (machine) => {
  const error = machine.openError(tunPath);
  if (error === null) return { id: 'tun', ok: 'yes', sentence: `${tunPath} can be opened.` };
  if (error === 'ENOENT' || error === 'ENODEV' || error === 'ENXIO') return missing(machine);
  if (machine.userId === 0) {
    return closed(
      `Even root cannot open ${tunPath}, ${needs} (${error}).`,
      `Start the container with: docker run --device ${tunPath} --cap-add NET_ADMIN`,
    );
  }
  return closed(
    `This user cannot open ${tunPath}, ${needs}: it must have mode 0666.`,
    `sudo chmod 0666 ${tunPath}; permanently: ` +
      `echo 'KERNEL=="tun", MODE="0666"' | sudo tee /etc/udev/rules.d/60-tun.rules`,
  );
};
