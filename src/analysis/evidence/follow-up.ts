import type { EvidenceKind } from "./scene.ts";

/** Whether work on its files went on after it, and before the climb. */
export const followUp: EvidenceKind = (candidate, { survey }) => {
  const seen = survey.of(candidate);
  if (!seen) return undefined;
  const { touched, touchedByAuthor, fixed, authorWentOn } = seen.again;
  return {
    kind: "follow-up",
    features: {
      touchedAgain: touched ? 1 : 0,
      touchedAgainByAuthor: touchedByAuthor ? 1 : 0,
      fixedAgain: fixed ? 1 : 0,
      authorWentOn: authorWentOn ? 1 : 0,
    },
    text: () => {
      if (fixed) return "A later change, called a fix, touches the same files.";
      if (touched) return "A later change touches the same files.";
      return authorWentOn
        ? "Its author landed more since, in other files."
        : "Nobody touched its files since, and its author landed nothing more.";
    },
  };
};
