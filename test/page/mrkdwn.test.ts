import { describe, expect, it } from "vitest";
import { parseInline, parseMrkdwn } from "#sim/page/mrkdwn.ts";

const text = (value: string) => ({ kind: "text", text: value });

describe("Slack's markup", () => {
  it.each([
    ["*1. 62 %* of", [{ kind: "bold", parts: [text("1. 62 %")] }, text(" of")]],
    ["_soft_ ~gone~", [{ kind: "italic", parts: [text("soft")] }, text(" "), { kind: "strike", parts: [text("gone")] }]],
    ["*bold _and soft_*", [{ kind: "bold", parts: [text("bold "), { kind: "italic", parts: [text("and soft")] }] }]],
    ["a_b_c 2*3*4 * x *", [text("a_b_c 2*3*4 * x *")]],
    ["`a *b* &lt;c&gt;`", [{ kind: "code", text: "a *b* <c>" }]],
    [":red_circle: 14:02:03", [{ kind: "emoji", name: "red_circle" }, text(" 14:02:03")]],
    ["<https://x.test/a?b=1&amp;c=2|abc1234>", [{ kind: "link", url: "https://x.test/a?b=1&c=2", text: "abc1234" }]],
    ["see https://x.test/a.", [text("see "), { kind: "link", url: "https://x.test/a", text: "https://x.test/a" }, text(".")]],
    [
      "<@U1> <!channel> <!subteam^S1|@ops>",
      [
        { kind: "user", id: "U1" },
        text(" "),
        { kind: "broadcast", text: "@channel" },
        text(" "),
        { kind: "group", id: "S1", text: "@ops" },
      ],
    ],
    ["<!date^1700000000^{time}|22:13>", [{ kind: "date", seconds: 1_700_000_000, format: "{time}", fallback: "22:13" }]],
    ["# no heading\n1. no list [no](link)", [text("# no heading\n1. no list [no](link)")]],
  ])("%s", (given, parts) => {
    expect(parseInline(given)).toEqual(parts);
  });

  it("takes nothing that was escaped for more than text", () => {
    expect(parseInline("&lt;!channel&gt; &lt;@U1&gt; &amp;lt;b&amp;gt; &lt;script&gt;")).toEqual([
      text("<!channel> <@U1> &lt;b&gt; <script>"),
    ]);
  });

  it("makes no link of a scheme that runs code", () => {
    expect(parseInline("<javascript:alert(1)|here>")).toEqual([text("here")]);
  });

  it("quotes lines that begin so, and leaves code of many lines alone", () => {
    expect(parseMrkdwn("said\n&gt; first\n> second\n```\n> code\n```")).toEqual([
      { quoted: false, parts: [text("said")] },
      { quoted: true, parts: [text("first\nsecond")] },
      { quoted: false, parts: [{ kind: "pre", text: "> code\n" }] },
    ]);
  });
});
