/** Buckets and what is in them. */
import type { World } from '../../world.ts';
import { noSuchBucket } from './errors.ts';

export interface Bucket {
  name: string;
  created: number;
  /** What was put by PutBucket…, by the name of the setting. */
  settings: Map<string, unknown>;
  /** @default never enabled */
  versioning?: 'Enabled' | 'Suspended';
  /** For a bucket of AWS's own: takes what is put, nobody lists it and it keeps nothing. @default an ordinary bucket */
  receive?: (key: string, body: Uint8Array) => void;
  /** By key, newest version first. */
  objects: Map<string, Version[]>;
  /** Begun and neither completed nor aborted, by upload id. */
  uploads: Map<string, Upload>;
}

/** An object that comes in parts. */
export interface Upload {
  id: string;
  key: string;
  begun: number;
  /** What the object will have besides its body. */
  about: Pick<Version, 'headers' | 'metadata' | 'tags'>;
  /** @default none is kept for the whole */
  checksum?: { algorithm: string; type: string | undefined };
  /** By part number. */
  parts: Map<number, Part>;
}

export interface Part {
  body: Uint8Array;
  etag: string;
  modified: number;
  /** Such as `ChecksumSHA256`. */
  checksums: Record<string, string>;
}

export interface Version {
  key: string;
  /** `null` where the bucket does not keep versions. */
  id: string;
  /** @default a delete marker */
  body?: Uint8Array;
  etag: string;
  modified: number;
  /** Headers that come back as they were sent: Content-Type and its like. */
  headers: Headers;
  metadata: Record<string, string>;
  tags: { Key: string; Value: string }[];
  /** Such as `ChecksumSHA256`. */
  checksums: Record<string, string>;
}

export interface Headers {
  ContentType?: string;
  ContentEncoding?: string;
  ContentDisposition?: string;
  ContentLanguage?: string;
  CacheControl?: string;
  ServerSideEncryption?: 'AES256' | 'aws:kms';
  SSEKMSKeyId?: string;
}

export interface Store {
  buckets: Map<string, Bucket>;
  /** Throws NoSuchBucket. */
  bucket(name: string | undefined): Bucket;
  put(bucket: Bucket, version: Omit<Version, 'id' | 'modified'>): Version;
  /** In place of what the upload had under that number. */
  putPart(bucket: Bucket, upload: Upload, number: number, part: Part): void;
  /** Forgets an upload with its parts. */
  endUpload(bucket: Bucket, upload: Upload): void;
  /** To be told when a bucket has other versions of a key than before. */
  changed(bucket: Bucket, key: string): void;
  /** What a listing shows: the newest of each key that is not a delete marker, by key in UTF-8 order. */
  current(bucket: Bucket): Version[];
  newId(): string;
}

/** Objects and parts, which may be large, are kept one by one. */
type KeptBucket = Omit<Bucket, 'objects' | 'receive' | 'uploads'> & { uploads: Omit<Upload, 'parts'>[] };

export function store(world: World): Store {
  const buckets = new Map<string, Bucket>();
  world.durable?.map('s3/buckets', buckets, {
    store: ({ receive, objects: _objects, uploads, ...bucket }) =>
      receive
        ? undefined
        : { ...bucket, uploads: [...uploads.values()].map(({ parts: _parts, ...upload }) => upload) },
    load: ({ uploads, ...bucket }: KeptBucket): Bucket => ({
      ...bucket,
      objects: new Map<string, Version[]>(),
      uploads: new Map(uploads.map((upload) => [upload.id, { ...upload, parts: new Map<number, Part>() }])),
    }),
  });
  const kept = world.durable?.shelf<Version[]>('s3/objects');
  for (const [place, versions] of kept?.records() ?? []) {
    const slash = place.indexOf('/');
    buckets.get(place.slice(0, slash))?.objects.set(place.slice(slash + 1), versions);
  }
  const keptParts = world.durable?.shelf<Part>('s3/parts');
  for (const [place, part] of keptParts?.records() ?? []) {
    const [bucket = '', upload = '', number] = place.split('/');
    buckets.get(bucket)?.uploads.get(upload)?.parts.set(Number(number), part);
  }
  const changed = ({ name, objects }: Bucket, key: string) => {
    const versions = objects.get(key);
    if (versions) kept?.put(`${name}/${key}`, versions);
    else kept?.delete(`${name}/${key}`);
  };
  return {
    buckets,
    changed,
    newId: world.random.uuid,
    bucket(name = '') {
      const found = buckets.get(name);
      if (!found) throw noSuchBucket(name);
      return found;
    },
    put(bucket, contents) {
      const id = bucket.versioning === 'Enabled' ? world.random.letters(32) : 'null';
      const version = { ...contents, id, modified: world.clock.now() };
      const others = (bucket.objects.get(version.key) ?? []).filter((older) => older.id !== id);
      bucket.objects.set(version.key, [version, ...others]);
      changed(bucket, version.key);
      return version;
    },
    putPart(bucket, upload, number, part) {
      upload.parts.set(number, part);
      keptParts?.put(`${bucket.name}/${upload.id}/${number}`, part);
    },
    endUpload(bucket, upload) {
      bucket.uploads.delete(upload.id);
      for (const number of upload.parts.keys()) keptParts?.delete(`${bucket.name}/${upload.id}/${number}`);
    },
    current: ({ objects }) =>
      [...objects.values()]
        .flatMap(([newest]) => (newest?.body ? [newest] : []))
        .toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
  };
}
