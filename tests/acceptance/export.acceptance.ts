// Every preset in onnxruntime and back, on 1,000 pictures; `npm test` runs the small ones on a few.
process.env.FOVEA_EXPORT_TESTS = 'required';
process.env.FOVEA_EXPORT_PARAMETERS ??= '1e9';
process.env.FOVEA_EXPORT_PICTURES ??= '1000';
await import('../export/onnxruntime.test.ts');
