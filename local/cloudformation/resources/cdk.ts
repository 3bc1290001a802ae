import type { ResourceTypes } from '../resource-types.ts';

export default {
  /** What CDK writes about itself into every stack. Nothing comes of it. */
  'AWS::CDK::Metadata': {
    create: async (_properties, { world }) => ({ id: world.random.uuid() }),
    update: async (before) => before,
    delete: async () => {},
  },
} satisfies ResourceTypes;
