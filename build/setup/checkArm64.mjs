import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/arm64/runArm64.ts', process.argv.slice(2));
