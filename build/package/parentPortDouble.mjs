// Simulates Electron's side of a utility process for the packed host: provides a parent port, connects one screen, and
// forwards that screen's frames from the process that started this one.
import { pathToFileURL } from 'node:url';

const emitter = () => {
  const listeners = new Map();
  return {
    on: (name, listener) => listeners.set(name, listener),
    emit: (name, value) => listeners.get(name)?.(value),
  };
};

const parent = emitter();
const screen = emitter();
process.parentPort = { on: parent.on, postMessage: () => undefined };
const port = { on: screen.on, postMessage: (message) => process.send(message), start: () => undefined };

await import(pathToFileURL(process.env.NORMLAB_PACKED_ENTRY).href);
parent.emit('message', { data: { type: 'connect' }, ports: [port] });
process.on('message', (frame) => screen.emit('message', { data: frame, ports: [] }));
