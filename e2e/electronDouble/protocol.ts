type Handler = (request: Request) => Promise<Response>;

const declared = new Set<string>();
const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: { scheme: string }[]): void => {
    for (const { scheme } of schemes) declared.add(scheme);
  },
  handle: (scheme: string, handler: Handler): void => {
    if (!declared.has(scheme))
      throw new Error(`the scheme ${scheme} was not declared before the app was ready`);
    handlers.set(scheme, handler);
  },
};

/** The response of the app's own protocol for an address. */
export async function answerProtocol(url: string): Promise<Response> {
  const handler = handlers.get(new URL(url).protocol.replace(':', ''));
  if (handler === undefined) return new Response('no handler', { status: 404 });
  // `Request` supports only web schemes; the handler reads only the address.
  return handler({ url } as Request);
}
