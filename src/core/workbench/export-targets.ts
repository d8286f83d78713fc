/** What a model can be written as, and how such a file's name ends. */
export const exportTargets = { onnx: '.onnx', safetensors: '.safetensors', pytorch: '.py' } as const;
export type ExportTarget = keyof typeof exportTargets;
