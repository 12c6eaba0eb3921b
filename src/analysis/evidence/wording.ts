import type { EvidenceKind, Features } from "./scene.ts";
import { listed } from "#analysis/words.ts";

/** What a title says is done, by words. The names are features. */
const SAYS: Readonly<Record<string, RegExp>> = {
  saysFix: /\b(fix|fixes|fixed|bug|hotfix)\b/,
  saysAdd: /\b(feat|feature|add|adds|implement|introduce|support)\b/,
  saysTidy: /\b(refactor|clean|cleanup|rename|move|simplify|restructure)\b/,
  saysRemove: /\b(remove|delete|drop|deprecate|rip)\b/,
  saysUpgrade: /\b(bump|upgrade|update dep|deps|renovate|dependabot)\b|chore\(deps\)|update .* to v?\d/,
  saysSwitch: /\b(enable|turn on|switch|default|rollout|roll out|use|start|migrate|activate|replace)\b/,
  saysDisable: /\b(disable|turn off)\b/,
  saysSpeed:
    /\b(perf|performan\w*|optimi[sz]\w*|faster|cach(e|es|ed|ing)|parallel\w*|batch\w*|async\w*|concurren\w*|timeouts?|retry|retries|pool\w*|limit\w*)\b/,
  saysStyle: /\b(typo|comment|lint|format|docs?|readme|copy|wording|style|log|logging)\b/,
  saysTest: /\btests?\b/,
  saysChore: /^\W*(chore|build|ci|docs|style)/,
  saysTry: /\b(experiment\w*|temporar\w*|try|tries|trying|wip|hack\w*|debug\w*|attempt\w*)\b/,
  saysDeploy: /\b(deploy|release|roll|promote)\b/,
  saysTranslate: /\b(translations?|l10n|i18n|localization|weblate)\b/,
};

const PATTERNS = Object.entries(SAYS);
/** No word of any kind: told at one look. */
const NOTHING: Features = Object.fromEntries(PATTERNS.map(([name]) => [name, 0]));
const ANY = new RegExp(
  Object.values(SAYS)
    .map((pattern) => `(?:${pattern.source})`)
    .join("|"),
);

const SAYS_NOTHING = "Its title holds none of the words that tell what kind of change it is.";

/** What kind of change its title says it is. */
export const wording: EvidenceKind = ({ landing }) => {
  if (!landing) return undefined;
  const title = (landing.message.slice(0, 500).split("\n", 1)[0] ?? "").toLowerCase();
  if (!ANY.test(title)) return { kind: "wording", features: NOTHING, text: () => SAYS_NOTHING };
  const features: Record<string, number> = { ...NOTHING };
  for (const [name, pattern] of PATTERNS) if (pattern.test(title)) features[name] = 1;
  return { kind: "wording", features, text: () => sentence(title) };
};

function sentence(title: string): string {
  const found = PATTERNS.flatMap(([, pattern]) => pattern.exec(title)?.[0].trim() ?? []);
  return `Its title says ${listed([...new Set(found)].map((word) => `"${word}"`))}.`;
}
