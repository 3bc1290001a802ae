/** XML put together from text. */
import { bytes } from './message.ts';

/** A document of one root element. */
export const xmlDocument = (root: string, namespace: string, inner: string): Uint8Array =>
  bytes(`<?xml version="1.0" encoding="UTF-8"?>\n${element(root, inner, namespace)}`);

export const element = (name: string, inner: string, namespace = ''): string =>
  `<${name}${namespace && ` xmlns="${namespace}"`}>${inner}</${name}>`;

export const escaped = (text: string): string =>
  text.replace(/[&<>"'\r]/g, (character) => ESCAPES[character]!);

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#x0D;',
};
