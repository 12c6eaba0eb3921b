/** A message of this workspace. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Where an address that Slack gives a message leads; undefined: somewhere else. */
export function findPlace(url: string, workspaceUrl: string): Place | undefined {
  if (!url.startsWith(`${workspaceUrl}/`)) return undefined;
  const [, channel, seconds, micros] = /^\/archives\/(\w{1,30})\/p(\d{1,15})(\d{6})$/u.exec(new URL(url).pathname) ?? [];
  return channel === undefined ? undefined : { channel, ts: `${seconds}.${micros}` };
}
