/** Sentences on what a lab has instead of something else. */
import type { substitutionShapes } from '../../harness/model/recorded/substitution.js';
import { type Texts, textBy } from './texts.js';

const texts: Texts<typeof substitutionShapes> = {
  'userspace-datapath': ({ kernelHasIt }) =>
    kernelHasIt
      ? "Open vSwitch's userspace datapath (default); --datapath kernel selects the kernel's"
      : "Open vSwitch's userspace datapath, because the openvswitch kernel module is missing",
  'open-vswitch-bond': ({ hosts }) =>
    `Open vSwitch bonds at ${hosts.join(', ')}, because the kernel has no bonding`,
  'open-vswitch-vlan': ({ hosts }) =>
    `Open vSwitch tags frames at ${hosts.join(', ')}, because the kernel has no VLAN devices`,
};

export const substitutionText = textBy(texts);
