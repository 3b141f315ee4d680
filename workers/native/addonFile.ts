import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The paths where an addon is searched, in order: the file given by `named` (the value of an environment variable) if
 * set, else the one built beside this file, else the one unpacked beside an Electron archive.
 */
export function addonCandidates(file: string, named: string | undefined): string[] {
  if (named) return [named];
  const beside = fileURLToPath(new URL(`./build/${file}`, import.meta.url));
  const resources: unknown = Reflect.get(process, 'resourcesPath');
  const unpacked =
    typeof resources === 'string'
      ? [join(resources, 'app.asar.unpacked', 'workers', 'native', 'build', file), join(resources, file)]
      : [];
  return [beside.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), ...unpacked];
}
