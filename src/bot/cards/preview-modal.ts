import type { Block, View } from "#bot/blocks.ts";
import type { Preview, PreviewResult, Step } from "#domain/plan.ts";
import { columns, context, divider, mrkdwn, plain, section } from "#bot/blocks.ts";
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
import { stepName } from "./steps.ts";
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
    private_metadata: stepMetadata({ incident: incident.id, step: step.id, intent: digestOf(preview.intent) }),
    blocks: [
      section(`\`${shortName(incident.workload, 130)}\` in \`${escape(incident.workload.cluster, 100)}\``),
      ...columns(
        preview.changes
          .slice(0, 8)
          .map(({ what, before, after }) => `*${escape(what, 60)}*\n${escape(before, 80)} → ${escape(after, 80)}`),
      ),
      section(`*What will happen*\n${numbered(preview.effects)}`),
      ...warningBlocks(preview.warnings),
      ...migrationBlocks(safety),
      ...viewerBlocks(viewer),
      divider(),
      context(`${dryRunText(preview)} Seen at ${when(preview.at, now)}. Your name goes into the record.`),
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

/** Where migrations are in the way, or may be, going on takes a tick of its own. */
function migrationBlocks(safety: RollbackSafety | undefined): Block[] {
  if (safety === undefined || safety.verdict === "safe" || safety.migrations.length === 0) return [];
  return [
    section(
      `:warning: *The schema ${safety.verdict === "unknown" ? "may have to" : "must"} go back together with the code.* This step moves the code only. ${escape(safety.reason, 300)}\n${migrationList(safety.migrations.map(fileName), 12)}`,
    ),
    {
      type: "input",
      block_id: "migrations",
      label: plain("Database schema"),
      element: {
        type: "checkboxes",
        action_id: "confirmed",
        options: [{ text: mrkdwn("The schema is taken care of, or the old code runs on the new schema"), value: "confirmed" }],
      },
    },
  ];
}

function dryRunText({ dryRun }: Preview): string {
  return dryRun === "accepted" ? "Dry run: the cluster accepted the same change." : "There is no dry run for this step.";
}
