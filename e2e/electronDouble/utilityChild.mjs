// Runs inside the double of a utility process: gives the script under test a `process.parentPort` and its transferred
// ports.
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

const parentPort = new EventEmitter();
parentPort.postMessage = (data) => process.send({ port: null, data });
process.parentPort = parentPort;

const ports = new Map();
const makePort = (id) => {
  const port = new EventEmitter();
  port.postMessage = (data) => process.send({ port: id, data });
  port.start = () => undefined;
  ports.set(id, port);
  return port;
};

process.on('message', (frame) => {
  if (frame.port !== undefined) ports.get(frame.port)?.emit('message', { data: frame.data, ports: [] });
  else parentPort.emit('message', { data: frame.data, ports: frame.ports.map(makePort) });
});
process.on('disconnect', () => process.exit(0));

await import(pathToFileURL(process.argv[2]).href);
