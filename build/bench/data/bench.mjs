import { handOver, installPackages } from '../../setup/bootstrap.mjs';

installPackages();
handOver('build/bench/data/runBench.ts', process.argv.slice(2));
