/** The folder where Node caches the TypeScript that it compiled. */
export const COMPILED: string;
/** A flag of V8 that can also be set once Node runs; `nodeFlags.mjs` says why. */
export const KEEP_WRAPPERS: string;
/** Flags for the Node that runs the lab; `nodeFlags.mjs` says which and why. */
export const NODE_FLAGS: string[];
