import { startLocal, type Local } from '../../local/index.ts';
import { OperateError } from '../errors.ts';

export interface Served {
  local: Local;
  /** `http://127.0.0.1:4566` */
  endpoint: string;
}

/** Starts the embedded AWS on a loopback port. Throws PORT_IN_USE, unless another port will do, and DATA_FOLDER. */
export async function serve({ port, region, data, otherPortWillDo = false }: ServeOptions): Promise<Served> {
  const local = await startLocal({
    clock: 'real',
    host: 'real',
    region,
    seed: (Math.random() * 2 ** 32) | 0,
    ...(data !== undefined && { data }),
  }).catch((error: Error) => {
    throw isOfFolder(error) ? new OperateError('DATA_FOLDER', error.message) : error;
  });
  const listen = (at: number) => local.listen(at);
  try {
    return { local, endpoint: await listen(port) };
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE' && otherPortWillDo)
      return { local, endpoint: await listen(0) };
    await local.stop();
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new OperateError('PORT_IN_USE', `Port ${port} is taken`);
    throw error;
  }
}

interface ServeOptions {
  port: number;
  region: string;
  /** A folder that keeps the account. @default in memory only */
  data?: string | undefined;
  /** @default false: a port that is taken is an error */
  otherPortWillDo?: boolean;
}

/** It keeps something else, another process has it, or the operating system refuses it; nothing else touches files here. */
const isOfFolder = (error: Error) =>
  (error as { code?: string }).code === 'DATA_FOLDER' || 'syscall' in error;
