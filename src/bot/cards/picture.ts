import type { Block, Card } from "#bot/blocks.ts";
import type { Incident, Picture } from "#domain/incident.ts";

/** The timeline picture, once there is one. */
export function renderPicture({ picture }: Incident): Block[] {
  return picture === undefined ? [] : [imageOf(picture)];
}

/** The picture as a post of its own. */
export function renderPictureReply(picture: Picture): Card {
  return { text: "The timeline as a picture", blocks: [imageOf(picture)] };
}

function imageOf({ fileId, alt }: Picture): Block {
  return { type: "image", slack_file: { id: fileId }, alt_text: alt };
}
