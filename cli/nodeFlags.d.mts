/** Flags for the Node that runs the lab; `nodeFlags.mjs` says which and why. */
export const NODE_FLAGS: string[];
