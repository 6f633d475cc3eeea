/** The guest's kernel, for the commands that build, name and remove one. */
export { buildKernel } from './vm/kernel/build.js';
export { cachedKernel, locateKernel } from './vm/kernel/locate.js';
export { kernelCache } from './vm/kernel/recipe.js';
