/** Gives a file to the person, as a download. @param type its media type. */
export function saveFile(name: string, content: Uint8Array | string | Blob, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
