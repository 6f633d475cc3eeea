/** Images for guests, for the commands that make, name and remove them. */
export { buildImage, type ImageProgress } from './vm/image/build.js';
export { locateImage } from './vm/image/locate.js';
export { imageCache, imageNames, isImageName } from './vm/image/recipe.js';
