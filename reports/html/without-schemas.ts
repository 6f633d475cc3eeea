/**
 * The page reads what was checked when it was written, so that it needs none of zod: schemas of the
 * model become one value that stands for all of them, and checking with it is an error.
 */
import type { Plugin } from 'esbuild';

const stand = `
const stand = new Proxy(function () {}, {
  get: (_, name) => {
    if (/parse/i.test(String(name))) throw new Error('The page checks nothing.');
    return name === 'shape' ? {} : stand;
  },
  apply: () => stand,
});
`;

/** Puts the stand-in where modules of the model import zod. */
export function withoutSchemas(): Plugin {
  return {
    name: 'without-schemas',
    setup(build) {
      build.onResolve({ filter: /^zod$/ }, () => ({ path: 'zod', namespace: 'without-schemas' }));
      build.onLoad({ filter: /.*/, namespace: 'without-schemas' }, async () => {
        const names = Object.keys(await import('zod')).filter((name) => name !== 'default');
        const exported = names.map((name) => `stand as ${name}`).join(', ');
        return { contents: `${stand}export { ${exported} };` };
      });
    },
  };
}
