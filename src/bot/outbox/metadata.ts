/** The event type of our messages' metadata. */
export const metadataType = "k8s_why";

/** Which message about what this is; it travels with the message, so that it is found again. */
export function toMetadata({ about, part }: { readonly about: string; readonly part: string }) {
  return { event_type: metadataType, event_payload: { incident: about, part } };
}
