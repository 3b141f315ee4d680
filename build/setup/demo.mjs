import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/setup/runDemo.ts', process.argv.slice(2));
