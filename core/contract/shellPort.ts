/** Channel on which main sends the page its port to the lab host. */
export const PORT_CHANNEL = 'shell:lab-port';
/** `type` of the window message with which the preload forwards that port to the page. */
export const PORT_MESSAGE = 'normlab-lab-port';
/** Channel on which main reports that the lab host ended too often and is not restarted automatically. */
export const STOPPED_CHANNEL = 'shell:lab-stopped';
/** `type` of the window message with which the preload forwards that report to the page. */
export const STOPPED_MESSAGE = 'normlab-lab-stopped';
