/** The words by which a guest is asked for. */

/** The site whose clock is virtual, which `--clock virtual` stands for. */
export const guestSite = 'vm';

/** Names a guest's kernel to be used instead of the one in the cache; `--kernel` sets it. */
export const kernelVariable = 'FAILOVER_LAB_KERNEL';
