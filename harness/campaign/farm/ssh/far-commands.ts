/** The shell's commands that are run at the far end. Pure. */

/** The user's cache there, as a shell writes it. */
const cache = `"$\{XDG_CACHE_HOME:-$HOME/.cache}/failover-lab"`;

/** Less free space would not hold the package and the record of a trial. */
export const leastFreeKib = 100 * 1024;

/** Prints three lines: version of Node, KiB that are free in the cache, whether the copy is there. */
export function probeScript(packageName: string): string {
  return [
    `cache=${cache}`,
    'mkdir -p "$cache" || exit 1',
    'node --version 2>/dev/null || echo none',
    `df -Pk "$cache" | awk 'NR == 2 { print $4 }'`,
    `[ "$(cat "$cache/packages/${packageName}/.brought" 2>/dev/null)" = ${packageName} ] && echo there || echo missing`,
  ].join('\n');
}

/** Unpacks the copy from a tar archive on standard input; whole or not at all. */
export function bringScript(packageName: string): string {
  return [
    'set -e',
    `cache=${cache}`,
    'mkdir -p "$cache/packages"',
    'cd "$cache/packages"',
    `mkdir ${packageName}.$$`,
    `trap 'rm -rf "$cache/packages/${packageName}.'$$'"' EXIT`,
    `tar -xzf - -C ${packageName}.$$`,
    `echo ${packageName} > ${packageName}.$$/.brought`,
    // Another campaign may have brought it meanwhile.
    `[ -e ${packageName} ] || mv ${packageName}.$$ ${packageName}`,
  ].join('\n');
}

/** Ends with status 0 when a guest's kernel is there. */
export function kernelThereScript(folder: string): string {
  return `[ -x ${cache}/kernels/${folder}/linux ]`;
}

/** Unpacks the folder of a guest's kernel from a tar archive on standard input; whole or not at all. */
export function kernelScript(folder: string): string {
  return [
    'set -e',
    `cache=${cache}/kernels`,
    'mkdir -p "$cache/$$"',
    `trap 'rm -rf "$cache/'$$'"' EXIT`,
    'tar -xzf - -C "$cache/$$"',
    `[ -e "$cache/${folder}" ] || mv "$cache/$$/${folder}" "$cache/${folder}"`,
  ].join('\n');
}

/** Runs the copy that was brought: `far <words>`. */
export function farScript(packageName: string, words: string): string {
  return `cache=${cache}; exec node "$cache/packages/${packageName}/harness/setup/start.mjs" far ${words}`;
}

/** Before the name of a machine whose connection was lost, on standard error. */
export const lostMark = 'failover-lab-lost';

/** A program for GNU parallel to use as ssh: it also prints which machine a connection failed to. */
export function sshProgram(words: readonly string[]): string {
  return [
    '#!/bin/sh',
    `${words.map((word) => `'${word}'`).join(' ')} "$@"`,
    'status=$?',
    '[ "$status" -ne 255 ] && exit "$status"',
    'user=',
    'while [ $# -gt 0 ]; do',
    '  case $1 in -l) user="$2@"; shift 2 ;; -*) shift ;; *) break ;; esac',
    'done',
    `echo "${lostMark} $user$1" >&2`,
    'exit 255',
    '',
  ].join('\n');
}
