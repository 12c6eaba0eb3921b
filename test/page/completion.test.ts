import { describe, expect, it } from "vitest";
import { complete, filledIn } from "#sim/page/client/completion.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { commands } from "#bot/commands/table.ts";
import { usagesIn } from "#sim/page/usages.ts";

const usages = [
  { type: "/k8s-why <workload>", does: "says why" },
  { type: "/k8s-why incidents", does: "lists" },
  { type: "/k8s-why expect <workload> off", does: "ends that" },
];

describe("a slash", () => {
  it.each([
    ["/", ["/k8s-why <workload>", "/k8s-why incidents", "/k8s-why expect <workload> off"]],
    ["/K8S-why in", ["/k8s-why incidents"]],
    ["/k8s-why incidents", []],
    ["hello /", []],
    ["/k8s-why\n", []],
  ])("%j offers %j", (text, types) => {
    expect(complete(text, usages).options.map(({ type }) => type)).toEqual(types);
  });

  it("says what the command takes that was begun, the nearest one", () => {
    expect(complete("/k8s-why expect shop/api", usages)).toEqual({ options: [], hint: usages[2] });
    expect(complete("/k8s-why shop/api", usages)).toEqual({ options: [], hint: usages[0] });
  });

  it("is filled in up to where a person must say something", () => {
    expect(usages.map(filledIn)).toEqual(["/k8s-why ", "/k8s-why incidents", "/k8s-why expect "]);
  });
});

describe("a help", () => {
  it("is read for what its commands take, and for nothing else", () => {
    const text = "Hello.\n• `/k8s-why &lt;workload&gt;` says `why`.\n• `/other x` does.\n• no code\n• `/k8s-why stop`";

    expect(usagesIn({ blocks: [{ type: "section", text: { type: "mrkdwn", text } }, { type: "divider" }] }, "/k8s-why")).toEqual([
      { type: "/k8s-why <workload>", does: "says why." },
      { type: "/k8s-why stop", does: "" },
    ]);
    expect(usagesIn({ text: "no blocks" }, "/k8s-why")).toEqual([]);
  });

  it("of ours is understood whole", () => {
    const types = commands.flatMap(({ help }) => help.map(({ type }) => `/k8s-why ${type}`.trim()));

    expect(usagesIn(renderHelp(commands) as never, "/k8s-why").map(({ type }) => type)).toEqual(expect.arrayContaining(types));
  });
});
