/** Whether content of this type is bytes rather than text to an API. Of several types only the first counts; recorded against AWS. */
export function isBinary(contentType: string | undefined, binaryMediaTypes: string[] = []): boolean {
  const [type, subtype] = essence(contentType ?? '');
  return binaryMediaTypes.some((binary) => {
    const [wantedType, wantedSubtype] = essence(binary);
    return (
      (wantedType === '*' || wantedType === type) && (wantedSubtype === '*' || wantedSubtype === subtype)
    );
  });
}

const essence = (type: string): string[] =>
  type.split(',')[0]!.split(';')[0]!.trim().toLowerCase().split('/');
