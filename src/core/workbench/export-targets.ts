/** What a model can be written as, and how such a file's name ends; '' is a folder. */
export const exportTargets = {
  onnx: '.onnx',
  safetensors: '.safetensors',
  pytorch: '.py',
  page: '.html',
  node: '',
} as const;
export type ExportTarget = keyof typeof exportTargets;

/** Endings by which a target is known from a file's name alone. */
export const exportEndings: readonly string[] = Object.values(exportTargets).filter((ending) => ending !== '');
