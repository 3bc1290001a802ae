/** Amazon S3, as far as CDK, its assets and event notifications need it. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { bucketOperations } from './s3/buckets.ts';
import { listingOperations } from './s3/listing.ts';
import { multipartOperations } from './s3/multipart.ts';
import { notifications } from './s3/notifications.ts';
import { objectOperations, type Told } from './s3/objects.ts';
import { policyOf, settingOperations } from './s3/settings.ts';
import { store } from './s3/store.ts';

declare module '../world.ts' {
  interface Services {
    s3: ReturnType<typeof objectStore>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-s3')],
  start: objectStore,
} satisfies ServiceModule;

function objectStore(world: World) {
  const kept = store(world);
  const { told, tested } = notifications(world);
  const received: Told = (bucket, event, version, call) => {
    if (!bucket.receive) return told(bucket, event, version, call);
    bucket.objects.delete(version.key);
    kept.changed(bucket, version.key);
    if (version.body) bucket.receive(version.key, version.body);
  };

  return {
    operations: {
      ...bucketOperations(kept),
      ...settingOperations(kept, tested),
      ...objectOperations(kept, received, world),
      ...multipartOperations(kept, received, world),
      ...listingOperations(kept),
    },
    resources: (_operation: string, { Bucket, Key }: { Bucket?: string; Key?: string }) => {
      if (Bucket === undefined) return ['*'];
      return [`arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`];
    },
    resourcePolicy: (arn: string) =>
      policyOf(kept.buckets.get(arn.slice('arn:aws:s3:::'.length).split('/')[0]!)),

    /** A bucket of AWS's own, whose objects go to `receive` as they come. Nobody lists it, and it keeps nothing. */
    receiveAt(name: string, receive: (key: string, body: Uint8Array) => void): void {
      kept.buckets.set(name, {
        name,
        created: world.clock.now(),
        settings: new Map(),
        objects: new Map(),
        uploads: new Map(),
        receive,
      });
    },
  } satisfies Service & Record<string, unknown>;
}
