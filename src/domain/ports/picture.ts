import type { Incident } from "#domain/incident.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import type { Sample } from "#domain/sample.ts";

/** Pictures of incidents, where the messages can show them. Verbs throw TemporaryError when Slack says "later". */
export interface PicturePort {
  /** Draws and uploads it, seen by nobody until a message shows it. Undefined: pictures cannot be uploaded here; logged once. */
  drawPicture(
    incident: Incident,
    samples: readonly Sample[],
  ): Promise<{ readonly fileId: string; readonly alt: string } | undefined>;
  /** Deletes one, and the post that shared it; what is gone already is no surprise. */
  dropPicture(fileId: string, post: MessageRef | undefined): Promise<void>;
}
