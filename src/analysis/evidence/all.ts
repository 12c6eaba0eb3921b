import type { EvidenceKind } from "./scene.ts";
import { authorHistory } from "./author-history.ts";
import { bearing, soonAfter } from "./other-change.ts";
import { capacity } from "./capacity.ts";
import { creptUp } from "./crept-up.ts";
import { delay } from "./delay.ts";
import { description } from "./description.ts";
import { fileKindsTouched } from "./file-kinds.ts";
import { followUp } from "./follow-up.ts";
import { hotCode } from "./hot-code.ts";
import { idleFiles } from "./idle-files.ts";
import { image } from "./image.ts";
import { inRollout } from "./in-rollout.ts";
import { lag } from "./lag.ts";
import { laterChanges } from "./later-changes.ts";
import { notRunning } from "./not-running.ts";
import { pilesUp } from "./piles-up.ts";
import { placeHistory } from "./place-history.ts";
import { preempted } from "./preempted.ts";
import { ranWell } from "./ran-well.ts";
import { revert } from "./revert.ts";
import { sameCommit } from "./same-commit.ts";
import { schema } from "./schema.ts";
import { symptom } from "./symptom.ts";
import { takenBack } from "./taken-back.ts";
import { touchesHint } from "./touches-hint.ts";
import { unread } from "./unread.ts";
import { whosePaths } from "./whose-paths.ts";
import { wording } from "./wording.ts";

/** What is learnt from changes alone: was one like it reverted? */
export const kindsOfRisk: readonly EvidenceKind[] = [placeHistory, authorHistory, wording, description, fileKindsTouched];

/** What is learnt from incidents: does this change fit this one? */
export const kindsOfContext: readonly EvidenceKind[] = [lag, laterChanges, touchesHint, followUp, takenBack, symptom];

/** What nobody has labelled data for: set by hand, and seen to hold in stories on a simulated and on a real cluster. */
const setByHand: readonly EvidenceKind[] = [
  inRollout,
  creptUp,
  pilesUp,
  preempted,
  notRunning,
  ranWell,
  delay,
  image,
  bearing,
  soonAfter,
  whosePaths,
  sameCommit,
  idleFiles,
  schema,
  hotCode,
  capacity,
  revert,
  unread,
];

/** Every kind of evidence about a candidate. To add one: a file like its neighbours, and a line here. */
export const evidenceKinds: readonly EvidenceKind[] = [...kindsOfContext, ...kindsOfRisk, ...setByHand];
