import type { Engine } from '../../backend/backend.ts';
import type { Gate } from './gate.ts';
import type { StudioHost } from './host.ts';

/**
 * The same host, with engines that wait at a gate before each run of a program: so whatever computes can be halted between
 * two steps and go on with everything in memory, and no verb needs to know of it. It changes no bit.
 */
export const gatedHost = (host: StudioHost, gate: Gate): StudioHost => ({
  ...host,
  createEngine: async (options) =>
    waitBeforeRuns(await host.createEngine(options), () => (gate.paused ? gate.wait() : undefined)),
});

/** The same engine, waiting before each run of a program. @param wait undefined: there is nothing to wait for. */
export function waitBeforeRuns(engine: Engine, wait: () => Promise<void> | undefined): Engine {
  return {
    name: engine.name,
    threads: engine.threads,
    get reserved() {
      return engine.reserved;
    },
    async compile(graph, options) {
      const program = await engine.compile(graph, options);
      return {
        graph: program.graph,
        capacity: program.capacity,
        workspaceBytes: program.workspaceBytes,
        write: (input, data) => program.write(input, data),
        async run(n) {
          const waiting = wait();
          if (waiting) await waiting;
          return program.run(n);
        },
        read: (output) => program.read(output),
        dispose: () => program.dispose(),
      };
    },
    readPersistent: (name) => engine.readPersistent(name),
    writePersistent: (name, data) => engine.writePersistent(name, data),
    persistentNames: () => engine.persistentNames(),
    dispose: () => engine.dispose(),
  };
}
