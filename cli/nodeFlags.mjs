import { fileURLToPath } from 'node:url';

/** The folder where Node caches the TypeScript that it compiled: the second start takes half the time. */
export const COMPILED = fileURLToPath(new URL('../node_modules/.cache/normlab', import.meta.url));

/**
 * Keeps V8 from freeing compiled wrappers of the functions that WebAssembly imports, by a number of calls that nothing
 * reaches. When many worker threads come and go, V8's table of compiled code can lack the wrapper, and the process ends
 * with "Check failed: jit_page_->allocations_.erase(addr) == 1" or a segmentation fault. Node compiles TypeScript in
 * WebAssembly. The flag can also be set once Node runs.
 */
export const KEEP_WRAPPERS = '--wasm-wrapper-tiering-budget=1000000000';

/**
 * Flags for the Node that runs the lab. V8 protects compiled code by memory protection keys where the processor has
 * them (Linux on x64). With many worker threads its table of code pages can lack an entry, and the process ends with
 * "Check failed: jit_page.has_value()". Without the keys the table is not looked up. Other builds of Node refuse that
 * flag.
 */
export const NODE_FLAGS = [
  KEEP_WRAPPERS,
  ...(process.platform === 'linux' && process.arch === 'x64' ? ['--no-memory-protection-keys'] : []),
];
