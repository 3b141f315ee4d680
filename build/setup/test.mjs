import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/setup/runTests.ts', process.argv.slice(2));
