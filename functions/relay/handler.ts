import { relay } from '../runtime/relay.ts';

export const handler = relay();
