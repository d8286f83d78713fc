/** What a system or an archiver leaves behind; never data. Dot files are left out as well. */
const neverData = new Set(['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '@eadir', '$recycle.bin']);

export const isNeverData = (name: string): boolean => name.startsWith('.') || neverData.has(name.toLowerCase());
