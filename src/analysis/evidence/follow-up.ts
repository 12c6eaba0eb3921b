import type { EvidenceKind } from "./scene.ts";

/** Whether work on its files went on after it, and before the climb. */
export const followUp: EvidenceKind = (candidate, { survey }) => {
  const seen = survey.of(candidate);
  if (!seen) return undefined;
  const { touchedAgain, touchedAgainByAuthor, fixedAgain, authorWentOn } = seen;
  return {
    kind: "follow-up",
    features: {
      touchedAgain: touchedAgain ? 1 : 0,
      touchedAgainByAuthor: touchedAgainByAuthor ? 1 : 0,
      fixedAgain: fixedAgain ? 1 : 0,
      authorWentOn: authorWentOn ? 1 : 0,
    },
    text: () => {
      if (fixedAgain) return "A later change, called a fix, touches the same files.";
      if (touchedAgain) return "A later change touches the same files.";
      return authorWentOn
        ? "Its author landed more since, in other files."
        : "Nobody touched its files since, and its author landed nothing more.";
    },
  };
};
