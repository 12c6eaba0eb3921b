import type { EvidenceKind } from "./scene.ts";
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
  saysSpeed: /\b(perf|performance|optimi[sz]e|faster|cache|parallel|batch|async|concurren|timeout|retry|retries|pool|limit)\w*/,
  saysStyle: /\b(typo|comment|lint|format|docs?|readme|copy|wording|style|log|logging)\b/,
  saysTest: /\btests?\b/,
  saysChore: /^\W*(chore|build|ci|docs|style)/,
  saysTry: /\b(experiment|temporar|try|wip|hack|debug|attempt)\w*/,
  saysDeploy: /\b(deploy|release|roll|promote)\b/,
  saysTranslate: /\b(translations?|l10n|i18n|localization|weblate)\b/,
};

/** What kind of change its title says it is. */
export const wording: EvidenceKind = ({ landing }) => {
  if (!landing) return undefined;
  const title = (landing.message.slice(0, 500).split("\n", 1)[0] ?? "").toLowerCase();
  const found: string[] = [];
  const features: Record<string, number> = {};
  for (const [name, pattern] of Object.entries(SAYS)) {
    const match = pattern.exec(title)?.[0];
    features[name] = match === undefined ? 0 : 1;
    if (match !== undefined) found.push(`"${match.trim()}"`);
  }
  return {
    kind: "wording",
    features,
    text: () =>
      found.length > 0
        ? `Its title says ${listed([...new Set(found)])}.`
        : "Its title holds none of the words that tell what kind of change it is.",
  };
};
