import { hasProgram } from '../setup/shell.ts';

/** Programs of the check, with Debian's package of each. */
const TOOLS = [
  { program: 'aarch64-linux-gnu-g++', from: 'g++-aarch64-linux-gnu' },
  { program: 'qemu-aarch64', from: 'qemu-user' },
  { program: 'cmake', from: 'cmake' },
  { program: 'make', from: 'make' },
] as const;

/** One sentence with everything that is missing here, and the command that installs it; null where nothing is. */
export function missingTools(
  has: (program: string) => boolean = hasProgram,
  isRoot: boolean = process.getuid?.() === 0,
): string | null {
  if (!['apt-get', 'dpkg-deb'].every(has))
    return "The check for arm64 needs Debian: it compiles against Debian's arm64 packages, which apt-get downloads.";
  const missing = TOOLS.filter(({ program }) => !has(program));
  if (missing.length === 0) return null;
  const names = missing.map(({ program }) => program).join(', ');
  const install = `${isRoot ? '' : 'sudo '}apt-get install ${missing.map(({ from }) => from).join(' ')}`;
  return `The check for arm64 needs ${names}. Install what is missing with: ${install}`;
}
