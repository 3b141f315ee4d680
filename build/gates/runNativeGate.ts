import { findNativeBreaches } from './nativeGate.ts';
import { readSources } from './sourceFiles.ts';

const sources = readSources(process.cwd(), ['.cc', '.h', '.inc']);
const breaches = findNativeBreaches(sources);
for (const breach of breaches) console.error(breach);
console.error(`native gate: ${String(sources.length)} files, ${String(breaches.length)} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
