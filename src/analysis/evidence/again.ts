import type { EvidenceKind } from "./scene.ts";

/** A change of the same title landed before, and perhaps was reverted: it is a second attempt. */
export const again: EvidenceKind = ({ landing }, { past }) => {
  const facts = landing && past?.factsOf(landing.id);
  if (!landing || !facts) return undefined;
  const reland = facts.again || /^\s*(reland|re-?apply)\b/i.test(landing.message.slice(0, 300));
  return {
    kind: "again",
    features: { again: reland ? 1 : 0, repeated: facts.repeated ? 1 : 0 },
    text: () => {
      if (reland) return "A change of this title was reverted before: it is a second attempt.";
      return facts.repeated ? "A change of this title landed before and stayed." : "No change of this title landed before.";
    },
  };
};
