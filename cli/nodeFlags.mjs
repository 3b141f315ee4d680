/**
 * Flags for the Node that runs the lab. V8 protects compiled code by memory protection keys where the processor has
 * them (Linux on x64). With many worker threads its table of code pages can lack an entry, and the process ends with
 * "Check failed: jit_page.has_value()". Without the keys the table is not looked up. Other builds of Node refuse the
 * flag.
 */
export const NODE_FLAGS =
  process.platform === 'linux' && process.arch === 'x64' ? ['--no-memory-protection-keys'] : [];
