import { readdir } from 'node:fs/promises';

/** The names of the modules right in a folder, without `.ts`, in alphabetical order. */
export const modulesIn = async (folder: URL): Promise<string[]> =>
  (await readdir(folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
