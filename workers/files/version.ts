/** Written into runs and exported files; a test holds it equal to package.json. */
export const NORMLAB_VERSION = '0.1.0';
