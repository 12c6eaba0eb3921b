import type { MessageRef } from "#domain/ports/store.ts";

/** Where the threads of incidents stand, as far as this process has seen them. */
export interface Threads {
  remember(incidentId: string, ref: MessageRef): void;
  /** The address of the thread, when both it and the workspace's address are known. */
  addressOf(incidentId: string): string | undefined;
}

const most = 1_000;

/** `workspaceUrl` gives the address of the workspace, e.g. `https://example.slack.com/`, once it is known. */
export function createThreads(workspaceUrl: () => string | undefined): Threads {
  const refs = new Map<string, MessageRef>();
  return {
    remember: (incidentId, ref) => {
      const [oldest] = refs.keys();
      if (refs.size >= most && oldest !== undefined) refs.delete(oldest);
      refs.set(incidentId, ref);
    },
    addressOf: (incidentId) => {
      const ref = refs.get(incidentId);
      return ref && addressIn(workspaceUrl(), ref);
    },
  };
}

/** The address of a message in the workspace at `base`, where that is known. */
export function addressIn(base: string | undefined, { channel, ts }: MessageRef): string | undefined {
  if (base === undefined) return undefined;
  return URL.parse(`archives/${channel}/p${ts.replace(".", "")}`, base.endsWith("/") ? base : `${base}/`)?.href;
}
