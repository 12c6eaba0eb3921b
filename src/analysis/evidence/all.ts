import type { EvidenceKind } from "./scene.ts";
import { alertWords } from "./alert-words.ts";
import { delay } from "./delay.ts";
import { hotCode } from "./hot-code.ts";
import { idleFiles } from "./idle-files.ts";
import { image } from "./image.ts";
import { inRollout } from "./in-rollout.ts";
import { landed } from "./landed.ts";
import { notRunning } from "./not-running.ts";
import { ranWell } from "./ran-well.ts";
import { revert } from "./revert.ts";
import { schema } from "./schema.ts";
import { spread } from "./spread.ts";
import { unread } from "./unread.ts";
import { whosePaths } from "./whose-paths.ts";

/** Every kind of evidence about a candidate. To add one: a file like its neighbours, and a line here. */
export const evidenceKinds: readonly EvidenceKind[] = [
  inRollout,
  notRunning,
  ranWell,
  delay,
  landed,
  image,
  whosePaths,
  idleFiles,
  schema,
  hotCode,
  spread,
  revert,
  alertWords,
  unread,
];
