import type { Block } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";

/** The timeline picture, once there is one. The name of the block tells a message said again from the first that Slack refused. */
export function renderPicture({ picture }: Incident): Block[] {
  if (picture === undefined) return [];
  const { fileId, alt, again } = picture;
  return [{ type: "image", block_id: `picture/${fileId}/${again ? 2 : 1}`, slack_file: { id: fileId }, alt_text: alt }];
}
