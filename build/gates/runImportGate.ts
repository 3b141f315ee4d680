import { findBreaches } from './importGate.ts';
import { readSources } from './sourceFiles.ts';

const sources = readSources(process.cwd(), ['.ts', '.vue', '.mts']);
const breaches = findBreaches(sources);
for (const breach of breaches) console.error(breach);
console.error(`import gate: ${sources.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
