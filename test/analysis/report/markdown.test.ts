import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { micromark } from "micromark";
import { NOON, aDiagnosis, aLanding, aReport, aStep, aSuspect, anIncident } from "#test/builders.ts";
import { code, link, text } from "#analysis/report/markdown.ts";
import { nastyIncident, randomFrom } from "#test/bot/nasty.ts";
import type { Incident } from "#domain/incident.ts";
import { reportOf } from "#analysis/report/report.ts";

/** As GitHub shows it, raw HTML let through so that it can be seen. */
const htmlOf = (markdown: string) =>
  micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
const tagsIn = (html: string) => new Set([...html.matchAll(/<\/?([a-z0-9!-]+)/gi)].map(([, name = ""]) => name));
const linksIn = (html: string) => [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url = ""]) => url);
const report = (incident: Incident) => reportOf({ incident, names: new Map(), number: 1, at: NOON });
const ours = new Set("h1 h2 h3 p ul li input table thead tbody tr th td code strong a".split(" "));

const tricks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[click](https://evil.example)",
  "![x](https://evil.example/pixel.png)",
  "[x]: https://evil.example",
  "https://evil.example and http://evil.example",
  "www.evil.example, WWW.evil.example",
  "mail me@evil.example",
  "<https://evil.example>",
  "javascript:alert(1)",
  "a | b | c",
  "`code` ``` ~~gone~~ **bold** __bold__ _it_",
  "\\[x](https://evil.example)",
  "&lt;script&gt; &#60;b&#62;",
  "# heading\n\n- [ ] task\n\n| a |\n| --- |\n| b |",
  "@everyone \u202Eturned \u200B\u{E0041}",
  "[^1] $x$ :smile:",
];

describe("foreign text in a report", () => {
  test.each(tricks)("%j says what it says, and does nothing", (trick) => {
    const html = htmlOf(`Before ${text(trick)} after\n\n| a | b |\n| --- | --- |\n| ${text(trick)} | ${code(trick)} |`);
    expect([...tagsIn(html)].toSorted()).toEqual(["code", "p", "table", "tbody", "td", "th", "thead", "tr"]);
    expect(linksIn(html)).toEqual([]);
    expect(html.match(/<td>/g)).toHaveLength(2);
    expect(html).not.toMatch(/[\u202E\u200B\u{E0041}]/u);
  });

  test("goes through a whole report without becoming anything", () => {
    for (const trick of tricks) {
      const landing = aLanding({ message: trick, author: { name: trick }, repository: trick, url: trick });
      const suspects = [
        aSuspect({
          probability: 0.5,
          subject: { kind: "landing", landing },
          evidence: [{ kind: "x", for: true, weight: 1, text: trick }],
        }),
        aSuspect({ probability: 0.3, subject: { kind: "other", change: aReport({ title: trick, url: trick }) } }),
      ];
      const rollbackSafety = {
        verdict: "unknown" as const,
        migrations: [trick],
        reason: trick,
        statements: [{ path: trick, text: trick, destructive: true }],
      };
      const diagnosis = aDiagnosis({ suspects, rollbackSafety, compareUrl: trick });
      const step = aStep({ state: "done", at: NOON, by: trick, second: trick, outcome: trick, breakGlass: trick });
      const incident = anIncident({ diagnosis, plan: [step], timeline: [{ id: "1", at: NOON, kind: "act", text: trick }] });
      const html = htmlOf(report(incident));
      expect([...tagsIn(html)].filter((tag) => !ours.has(tag))).toEqual([]);
      expect(linksIn(html).filter((url) => !/^https?:\/\/evil\.example\/?$/.test(url))).toEqual([]);
    }
  });

  test("of every nasty kind: only our own tags, and links to http alone", () => {
    for (let seed = 0; seed < 15; seed += 1) {
      const html = htmlOf(report(nastyIncident(randomFrom(seed))));
      expect([...tagsIn(html)].filter((tag) => !ours.has(tag))).toEqual([]);
      expect(linksIn(html).filter((url) => !/^https?:\/\/[^\s<>"]+$/.test(url))).toEqual([]);
    }
  });
});

describe("a link", () => {
  test.each([
    ["https://github.com/a/b/commit/1", "[x](<https://github.com/a/b/commit/1>)"],
    ["https://github.com/a/b>(evil)<c", "[x](<https://github.com/a/b%3E(evil)%3Cc>)"],
    ["javascript:alert(1)", "x"],
    ["https://user:secret@evil.example/", "x"],
    ["not an address", "x"],
    [`https://a.example/${"a".repeat(600)}`, "x"],
    [undefined, "x"],
  ])("to %s is %s", (url, expected) => expect(link("x", url)).toBe(expected));
});

test("a long text is cut, never within a character", () => {
  expect(text("x".repeat(300))).toHaveLength(240);
  expect(text("😀".repeat(200), 11)).toBe("😀😀😀😀😀…");
});
