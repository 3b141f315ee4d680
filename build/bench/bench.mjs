import { handOver, installPackages } from '../setup/bootstrap.mjs';

installPackages();
handOver('build/bench/runBench.ts', process.argv.slice(2));
