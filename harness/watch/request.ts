/** What a watch is asked to do, checked before anything is started. Pure. */
import { LabError } from '../errors.js';

/** One of the two machines. */
export interface WatchedMachine {
  /** Of the node in the record: the destination without user and domain's user. */
  name: string;
  /** As ssh takes it. */
  destination: string;
  /** As the other machine reaches it: a name or an IPv4 address. */
  address: string;
}

export interface WatchPlan {
  machines: readonly [WatchedMachine, WatchedMachine];
  /** The program that reaches a machine, and its options. */
  via: readonly string[];
  /** Null: until it is interrupted. */
  duringMs: number | null;
  rateHz: number;
  payloadBytes: number;
  port: number;
  /** How long an end continues without a message from here. */
  leaseS: number;
  /** No outage may be longer; null = nothing is expected. */
  atMostMs: number | null;
}

/** Probes a second each way that are sent without `--yes`. */
export const rateWithoutYes = 2000;

/** `user@h3.example=10.0.0.3,h4.example`. Throws WRONG_USE. */
export function machinesOf(between: string): readonly [WatchedMachine, WatchedMachine] {
  const parts = between.split(',').map((part) => part.trim());
  const [first = '', second = ''] = parts;
  if (parts.length !== 2 || first === '' || second === '') {
    throw wrong(
      `--between takes two machines, got '${between}'`,
      'Write --between h3.example,h4.example, each as for ssh.',
    );
  }
  const machines = [machineOf(first), machineOf(second)] as const;
  if (machines[0].name === machines[1].name) {
    throw wrong(
      `--between names ${machines[0].name} twice`,
      'Name two machines: probes are sent from each to the other.',
    );
  }
  return machines;
}

/** An end on this machine needs no ssh. */
export const thisMachineName = 'localhost';

/** What can stand in an ssh destination. No option, no word of a shell. */
const destinationShape = /^[A-Za-z0-9_][\w.@:+-]*$/;
const addressShape = /^[A-Za-z0-9][\w.-]*$/;

function machineOf(text: string): WatchedMachine {
  const [destination = '', address] = text.split('=', 2);
  if (!destinationShape.test(destination)) {
    throw wrong(
      `--between: '${destination}' is not a machine name that ssh accepts`,
      'Write a host name or address, with a user where one is needed: user@h3.example.',
    );
  }
  const name = destination.slice(destination.indexOf('@') + 1);
  const reached = address ?? name;
  if (reached === thisMachineName) {
    throw wrong(
      '--between: localhost: its address is not stated',
      'Write the address by which the other machine reaches this one: localhost=192.0.2.1.',
    );
  }
  if (!addressShape.test(reached)) {
    throw wrong(
      `--between: '${reached}' is not a host name or IPv4 address`,
      'Write the address by which the other machine reaches it: h3.example=192.0.2.3.',
    );
  }
  return { name, destination, address: reached };
}

/** A whole number within bounds. Throws WRONG_USE. */
export function wholeOf(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== '') return value;
  throw wrong(
    `${option} must be a whole number from ${min} to ${max}, got '${text}'`,
    `Write ${option} ${min} to ${max}.`,
  );
}

/** What will be sent, for people to agree to. Pure. */
export function intention({ machines, rateHz, payloadBytes, port, duringMs }: WatchPlan) {
  // Headers of UDP and IPv4.
  const bitsPerSecond = rateHz * (payloadBytes + 28) * 8;
  return { from: machines[0], to: machines[1], rateHz, port, duringMs, bitsPerSecond };
}

function wrong(message: string, hint: string): LabError {
  return new LabError('WRONG_USE', `${message}.`, { hint });
}
