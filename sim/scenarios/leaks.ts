import { modified, type Hunk } from "./diff.ts";
import { testChange, typescriptFiles } from "./snippets.ts";
import type { Draft } from "./landing.ts";
import type { Random } from "./random.ts";

/** A change that keeps something for ever and reads all of it each time. */
interface Leak {
  readonly title: string;
  readonly body: string;
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

// A list in the shared store that nobody trims, read as a whole.
const listNobodyTrims: Leak = {
  title: "show what others looked at",
  body: "Remembers each visit and shows the three pages that most others saw next.",
  file: "visits",
  hunks: [
    {
      at: 18,
      within: "export async function suggestionsFor(page: string): Promise<Page[]> {",
      lines: [
        "   const known = await pages.find(page);",
        "-  return known.suggestions;",
        '+  await store.rpush("visits", JSON.stringify({ page, at: clock.now() }));',
        '+  const visits = (await store.lrange("visits", 0, -1)).map((text) => JSON.parse(text) as Visit);',
        "+  return mostSeenAfter(page, visits).slice(0, 3);",
        " }",
      ],
    },
  ],
};

// A row for each request in a table without clean-up, filtered in the program.
const rowForEachRequest: Leak = {
  title: "answer the same quote for the same basket",
  body: "Keeps each quote, so that a customer who comes back sees the same total.",
  file: "quotes",
  hunks: [
    {
      at: 27,
      within: "export async function quoteFor(basket: Basket): Promise<Quote> {",
      lines: [
        "-  return compute(basket);",
        '+  const earlier = await database.all<Quote>("select * from quotes order by created_at");',
        "+  const same = earlier.find((quote) => isEqual(quote.items, basket.items));",
        "+  if (same) return same;",
        "+  const quote = compute(basket);",
        '+  await database.insert("quotes", quote);',
        "+  return quote;",
        " }",
      ],
    },
  ],
};

// A document that every request makes longer.
const documentThatGrows: Leak = {
  title: "keep a trail of totals for support",
  body: "Support can see how a total came about.",
  file: "trail",
  hunks: [
    {
      at: 9,
      lines: [" export interface Trail {", "   readonly tenant: string;", "+  readonly steps: readonly Step[];", " }"],
    },
    {
      at: 33,
      within: "export async function record(tenant: string, step: Step): Promise<void> {",
      lines: [
        '-  log.info({ tenant, step }, "Total computed");',
        "+  const trail = (await trails.get(tenant)) ?? { tenant, steps: [] };",
        "+  await trails.put(tenant, { ...trail, steps: [...trail.steps, step] });",
        " }",
      ],
    },
  ],
};

/** The landing that leaks; nothing in its title says so. */
export function draftLeak(random: Random, service: string): Draft {
  const { title, body, file, hunks } = random.pick([listNobodyTrims, rowForEachRequest, documentThatGrows]);
  const directory = `services/${service}`;
  return {
    title: `feat(${service}): ${title}`,
    body,
    files: [
      modified(typescriptFiles.file(directory, file), hunks),
      testChange(random, typescriptFiles.test(directory, file), file),
    ],
  };
}
