import { join } from 'node:path';
import { ROOT } from '../setup/shell.ts';

/** Everything that the check for arm64 downloads and builds; git ignores it. */
export const FOLDER = join(ROOT, 'build', 'out', 'arm64');
/** Debian's packages for arm64, unpacked: its C library, oneDNN and the image libraries. */
export const SYSTEM = join(FOLDER, 'system');
/** Node for arm64. */
export const NODE = join(FOLDER, 'node', 'package', 'bin', 'node');
/** A script that runs `NODE` under qemu with the libraries of `SYSTEM`. */
export const EMULATED_NODE = join(FOLDER, 'emulatedNode.sh');
/** CMake's folder is hidden, because its dependency files end in `.ts`. */
export const CMAKE_FOLDER = join(FOLDER, '.cmake');
export const ADDON = join(FOLDER, 'normlab_native.node');

/** The processor that qemu emulates: NEON, no SVE. */
export const PROCESSOR = 'neoverse-n1';
