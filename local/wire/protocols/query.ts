/** AWS Query: a form in, XML out. */
import { queryFailure } from '../failure.ts';
import type { Protocol } from '../protocols.ts';
import { readQuery } from '../query.ts';
import { element, xmlDocument } from '../xml-text.ts';
import { innerXml } from '../xml.ts';

export const query: Protocol = {
  read: ({ operation, query: parameters }) => readQuery(operation.input, parameters),
  write({ operation }, output, _request, requestId) {
    const inner = innerXml(operation.output, output);
    const result = operation.output.isUnitSchema() ? '' : element(`${operation.name}Result`, inner);
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: xmlDocument(`${operation.name}Response`, operation.model.xmlNamespace, result + metadata),
    };
  },
  fail: queryFailure,
};
