import { handOver, installPackages } from '../setup/bootstrap.mjs';

installPackages();
handOver('build/bench/runFineTune.ts', process.argv.slice(2));
