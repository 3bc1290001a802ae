/** Compiles the command while the project is installed, so that its first start answers as soon as any other. */
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.mjs';

// What cannot be compiled here (without development dependencies, say) runs from its sources, and says what is wrong there.
await compiled(fileURLToPath(new URL('..', import.meta.url))).catch(() => {});
