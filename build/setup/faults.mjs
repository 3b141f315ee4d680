import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/faults/runFaults.ts', process.argv.slice(2));
