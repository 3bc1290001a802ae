/** The formats of draft 4; others are not looked at. https://json-schema.org/draft-04/json-schema-validation#rfc.section.7.3 */
import { isIPv4, isIPv6 } from 'node:net';

export const FORMATS: Record<string, (text: string) => boolean> = {
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:?\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text.replace(/\.\d+/, '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))),
  email: (text) => /^[^\s@"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(text),
  hostname: (text) =>
    text.length <= 253 &&
    /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/.test(
      text,
    ),
  ipv4: isIPv4,
  ipv6: isIPv6,
  uri: (text) => /^[^\s<>"{}|\\^`]*$/.test(text),
  regex(text) {
    try {
      return Boolean(new RegExp(text));
    } catch {
      return false;
    }
  },
};
