/** Where system programs live; a PATH without sbin makes ethtool and others silently missing. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';
