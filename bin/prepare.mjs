/** Compiles the command and the library while the project is installed, so that their first start is as quick as any other. */
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.mjs';

// What cannot be compiled here (without development dependencies, say) runs from its sources, and says what is wrong there.
await compiled(fileURLToPath(new URL('..', import.meta.url)), 'cli').catch(() => {});
