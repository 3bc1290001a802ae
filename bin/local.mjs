/** `spillway/local`: what `local/index.ts` exports, in a form that a file of tests need not compile again. */
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.mjs';

export const { startLocal } = await compiled(fileURLToPath(new URL('..', import.meta.url)), 'local').catch(
  () => import('../local/index.ts'),
);
