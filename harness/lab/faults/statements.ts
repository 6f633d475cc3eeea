/** What nftables does to the packets that a filter matches. Pure. */

/** nft statement that drops a share of packets, in steps of 0.01 %. Pure. */
export function lossStatement(percent: number): string {
  if (percent >= 100) return 'counter drop';
  return `numgen random mod 10000 < ${Math.round(percent * 100)} counter drop`;
}

/** nft statement that drops what exceeds a rate, once a second's worth has passed. Pure. */
export function policeStatement(bitrateBps: number): string {
  const bytesPerSecond = Math.max(1, Math.round(bitrateBps / 8));
  // A burst of 20 ms, at least ten full frames: less would drop even a well-paced sender. The
  // kernel adds a second's worth to it (nft_limit.c), so as much passes at once at the start.
  const burst = Math.max(15_000, Math.round(bytesPerSecond / 50));
  return `limit rate over ${bytesPerSecond} bytes/second burst ${burst} bytes counter drop`;
}
