import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { OnnxSession } from '../core/workbench/adapters.ts';

/** What of onnxruntime-node is used (onnxruntime.ai/docs/api/js); it is no dependency, so its types are not there. */
interface Runtime {
  readonly env: { logLevel?: string; readonly versions: { readonly node?: string; readonly common: string } };
  readonly Tensor: new (type: string, data: Uint8Array | Float32Array, dims: readonly number[]) => unknown;
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options: { logSeverityLevel: number },
    ): Promise<{
      run(
        feeds: Record<string, unknown>,
        fetches: readonly string[],
      ): Promise<Record<string, { data: ArrayLike<number> }>>;
      release(): Promise<void>;
    }>;
  };
}

const packageName = 'onnxruntime-node';

/**
 * Looked for beside Fovea, or in the folder FOVEA_ONNXRUNTIME, whose node_modules hold it; never in the working folder,
 * where anything may lie.
 */
function findRuntime(): Runtime | undefined {
  const folder = process.env.FOVEA_ONNXRUNTIME;
  const require = createRequire(folder ? join(folder, 'package.json') : import.meta.url);
  try {
    require.resolve(packageName);
  } catch {
    return undefined;
  }
  return require(packageName) as Runtime;
}

/** An ONNX file in onnxruntime, if that is installed. */
export async function openOnnx(bytes: Uint8Array): Promise<OnnxSession | { readonly missing: string }> {
  let runtime: Runtime | undefined;
  try {
    runtime = findRuntime();
  } catch (error) {
    return { missing: `onnxruntime-node could not be loaded: ${String(error).slice(0, 200)}` };
  }
  if (!runtime) {
    return { missing: 'onnxruntime-node is not installed (npm install onnxruntime-node, about 290 MB)' };
  }
  const { env, Tensor, InferenceSession } = runtime;
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return {
    runtime: `onnxruntime ${env.versions.node ?? env.versions.common}`,
    async run({ type, data, dims }, { input, output }) {
      const results = await session.run({ [input]: new Tensor(type, data, dims) }, [output]);
      return Float32Array.from(results[output].data);
    },
    close: () => session.release(),
  };
}
