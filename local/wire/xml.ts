/** XML in and out, by the SDK's own shape serializers. */
import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';

const TIMESTAMP_DATE_TIME = 5;

const settings = {
  timestampFormat: { useTrait: true, default: TIMESTAMP_DATE_TIME as 5 },
  httpBindings: false,
  xmlNamespace: '',
  serviceNamespace: '',
};
const reader = new XmlShapeDeserializer(settings);

/** Reads a document whose root stands for the shape. Throws MalformedXML. */
export function readXml(schema: NormalizedSchema, body: Uint8Array): unknown {
  try {
    return reader.read(schema, body);
  } catch {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
}

/** What stands inside the root element of a shape, as text. */
export function innerXml(schema: NormalizedSchema, value: object): string {
  if (!schema.isStructSchema()) return '';
  const writer = new XmlShapeSerializer(settings);
  writer.write(schema, value);
  const document = String(writer.flush());
  return document.endsWith('/>') ? '' : document.slice(document.indexOf('>') + 1, document.lastIndexOf('</'));
}
