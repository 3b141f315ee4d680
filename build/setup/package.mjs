import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/package/runPackage.ts', process.argv.slice(2));
