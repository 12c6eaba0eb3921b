import type { Block, View } from "#bot/blocks.ts";
import type { Choices, Preview, PreviewResult } from "#domain/order.ts";
import { type Step, type StepKind, stepName } from "#domain/plan.ts";
import { choiceOf, columns, context, divider, mrkdwn, plain, section } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Viewer } from "#domain/ports/slack.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { digestOf } from "#lib/digest.ts";
import { escape } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";
import { migrationList } from "./rollback-safety.ts";
import { renderClosing } from "./closing.ts";
import { shortName, when } from "#bot/words.ts";
import { stepMetadata } from "#bot/step-value.ts";
import { viewerBlocks } from "./viewer.ts";

/** When it is looked at, and by whom. */
interface Look {
  readonly now: Instant;
  readonly viewer?: Viewer;
}

/** What will happen, or why nothing will: a no and a thing already done have no button to submit. */
export function renderPreviewModal(incident: Incident, step: Step, result: PreviewResult, look: Look): View {
  const title = stepName[step.kind];
  if (result.kind === "already-done") return renderClosing(title, ":white_check_mark:", `Already done. ${result.text}`);
  if (result.kind === "refused" && step.state === "done") return renderClosing(title, ":white_check_mark:", result.text);
  if (result.kind === "refused") return renderClosing(title, ":no_entry:", `Not now. ${result.text}`);
  return previewView(incident, step, result.preview, look);
}

function previewView(incident: Incident, step: Step, preview: Preview, { now, viewer }: Look): View {
  const safety = step.kind === "rollback" ? incident.diagnosis?.rollbackSafety : undefined;
  return {
    type: "modal",
    callback_id: "step",
    title: plain(stepName[step.kind]),
    submit: plain(stepName[step.kind]),
    close: plain("Cancel"),
    private_metadata: stepMetadata({
      incident: incident.id,
      step: step.id,
      intent: digestOf(preview.intent),
      ...(preview.choices && { choice: preview.choices.chosen }),
    }),
    blocks: [
      section(`\`${shortName(incident.workload, 130)}\` in \`${escape(incident.workload.cluster, 100)}\``),
      ...choiceBlocks(preview.choices),
      ...columns(
        preview.changes
          .slice(0, 8)
          .map(({ what, before, after }) => `*${escape(what, 60)}*\n${escape(before, 80)} → ${escape(after, 80)}`),
      ),
      section(`*What will happen*\n${numbered(preview.effects)}`),
      ...diffBlocks(preview.diff),
      ...warningBlocks(preview.warnings),
      ...confirmBlocks(safety, preview.confirm),
      ...viewerBlocks(viewer),
      divider(),
      context(`${undoText[step.kind]} ${dryRunText(preview)} Seen at ${when(preview.at, now)}. Your name goes into the record.`),
    ],
  };
}

function numbered(effects: readonly string[]): string {
  if (effects.length === 0) return "Nothing that can be foretold.";
  return fitLines(
    effects.map((effect, index) => `${index + 1}. ${escape(effect, 400)}`),
    2_500,
  );
}

function warningBlocks(warnings: readonly string[]): Block[] {
  if (warnings.length === 0) return [];
  return [
    section(
      `:warning: *Before you press*\n${fitLines(
        warnings.map((warning) => `• ${escape(warning, 400)}`),
        2_500,
      )}`,
    ),
  ];
}

/** The headline has the whole path. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Where migrations may be in the way, or the step asks for it, going on takes a tick of its own. */
function confirmBlocks(safety: RollbackSafety | undefined, confirm: string | undefined): Block[] {
  if (confirm !== undefined) return [tick("Before you go on", confirm)];
  if (safety === undefined || safety.verdict === "safe" || safety.migrations.length === 0) return [];
  return [
    section(
      `:warning: *The schema ${safety.verdict === "unknown" ? "may have to" : "must"} go back together with the code.* This step moves the code only. ${escape(safety.reason, 300)}\n${migrationList(safety.migrations.map(fileName), 12)}`,
    ),
    tick("Database schema", "The schema is taken care of, or the old code runs on the new schema"),
  ];
}

function tick(label: string, text: string): Block {
  return {
    type: "input",
    block_id: "migrations",
    label: plain(label),
    element: {
      type: "checkboxes",
      action_id: "confirmed",
      options: [{ text: mrkdwn(escape(text, 150)), value: "confirmed" }],
    },
  };
}

function choiceBlocks(choices: Choices | undefined): Block[] {
  if (choices === undefined || choices.options.length < 2) return [];
  const { label, options, chosen } = choices;
  return [choiceOf({ label: `*${escape(label, 60)}*`, actionId: "choice", options, chosen })];
}

/** Foreign text in a code block: nothing in it may end the block. */
function diffBlocks(diff: readonly string[] | undefined): Block[] {
  if (diff === undefined || diff.length === 0) return [];
  const lines = diff.map((line) => escape(line.replaceAll("`", "\u2032"), 160));
  return [section(`*What changes in the template*\n\`\`\`${fitLines(lines, 2_400)}\`\`\``)];
}

function dryRunText({ dryRun }: Preview): string {
  return dryRun === "accepted" ? "Dry run: the cluster accepted the same change." : "There is no dry run for this step.";
}

/** Whether and how it can be taken back. */
const undoText: Readonly<Record<StepKind, string>> = {
  cap: "Undo: the old ceiling is kept, and given back by a step of its own.",
  migrate: "No undo: deploying the new code again runs its migrations again.",
  rollback: "Undo: the template of now can be brought back in the same way.",
  verify: "",
  lower: "Undo: the old ceiling is kept, and given back by a step of its own.",
  drain: "Undo: nodes that are still there can take pods again; pods that moved stay where they are.",
  restore: "Undo: cap or lower it again.",
  scale: "Undo: the count of now is kept, and given back by a step of its own.",
  pause: "Undo: let the rollout go on.",
  resume: "Undo: hold the rollout again; pods that were replaced stay so.",
  restart: "No undo: the pods of now are gone for good.",
  cordon: "Undo: uncordon the nodes.",
  uncordon: "Undo: cordon the nodes again.",
};
