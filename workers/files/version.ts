/** Stored in runs and exported files; a test checks that it equals the version in package.json. */
export const NORMLAB_VERSION = '0.1.0';
