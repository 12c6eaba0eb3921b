import { added, modified } from "./diff.ts";
import { docsChange, languageOf, sourceChange, testChange, typescriptFiles } from "./snippets.ts";
import { otherServices } from "./names.ts";
import type { FileChange } from "#sim/github/types.ts";
import type { Random } from "./random.ts";

/** What a landing says and touches; who and when come later. */
export interface Draft {
  readonly title: string;
  readonly body?: string;
  readonly files: readonly FileChange[];
}

const words =
  "refund address coupon voucher tax-rate delivery-slot gift-card currency locale stock-level invoice-line image-crop synonym loyalty-tier webhook receipt session promotion label avatar consent opening-hours wishlist exchange-rate parcel dispute payout mandate banner".split(
    " ",
  );
const libraries = ["http", "auth", "money", "logging", "flags", "events", "i18n", "queue"];

type Maker = (random: Random, word: string, service: string) => Draft;

/** Ordinary landings elsewhere in the repository, common ones more often. */
const elsewhere: readonly (readonly [number, Maker])[] = [
  [30, (random, word, service) => inService(random, word, service, "fix")],
  [22, (random, word, service) => inService(random, word, service, "feat")],
  [10, (random, word, service) => inService(random, word, service, "refactor")],
  [9, web],
  [7, library],
  [6, docs],
  [6, dependency],
  [5, infrastructure],
  [4, workflow],
  [3, migration],
];

/** A landing that does not touch `service`. */
export function draftElsewhere(random: Random, service: string): Draft {
  const total = elsewhere.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.next() * total;
  const make = elsewhere.find(([weight]) => (left -= weight) < 0)?.[1] ?? docs;
  return make(random, random.pick(words), random.pick(otherServices(service)));
}

/** A harmless landing that touches `service`: a label, a log line, a test, a page. */
export function draftInService(random: Random, service: string): Draft {
  const word = random.pick(words);
  const directory = `services/${service}`;
  const file = sourceChange(random, typescriptFiles.file(directory, word), word);
  const test = testChange(random, typescriptFiles.test(directory, word), word);
  return random.pick<Draft>([
    { title: `fix(${service}): trim the ${plain(word)} label`, files: [file, test] },
    { title: `feat(${service}): show the ${plain(word)} in the summary`, files: [file, test] },
    { title: `chore(${service}): log less about the ${plain(word)}`, files: [file] },
    { title: `test(${service}): cover an empty ${plain(word)}`, files: [test] },
    { title: `docs(${service}): explain the ${plain(word)}`, files: [docsChange(random, `${directory}/README.md`, plain(word))] },
  ]);
}

const titles: Readonly<Record<"fix" | "feat" | "refactor", readonly string[]>> = {
  fix: [
    "return 404 for an unknown $",
    "do not send the $ twice",
    "retry the $ on 503",
    "round the $ half to even",
    "wrong time zone in the $",
    "off by one in $ pages",
    "handle a missing $",
    "close the $ connection on shutdown",
  ],
  feat: [
    "show the $ in the admin",
    "export the $ as CSV",
    "accept the $ from the mobile app",
    "support the $ in bulk",
    "count the $ in metrics",
    "mail the $ to the customer",
    "allow the $ to be empty",
  ],
  refactor: [
    "extract the $ client",
    "rename the $ builder",
    "drop the old $ flag",
    "move the $ behind a port",
    "one type for the $",
  ],
};

function inService(random: Random, word: string, service: string, type: keyof typeof titles): Draft {
  const language = languageOf(service);
  const directory = `services/${service}`;
  const also = random.chance(0.3) ? [sourceChange(random, language.file(directory, `${word}-client`), word)] : [];
  const test = random.chance(0.6) ? [testChange(random, language.test(directory, word), word)] : [];
  const title = `${type}(${service}): ${random.pick(titles[type]).replace("$", plain(word))}`;
  return {
    title,
    ...maybeBody(random, word),
    files: [sourceChange(random, language.file(directory, word), word), ...also, ...test],
  };
}

function web(random: Random, word: string): Draft {
  const app = random.pick(["storefront", "admin", "mobile"]);
  const path = `web/${app}/src/${word}/${word}-view.tsx`;
  return {
    title: `feat(${app}): ${random.pick(["new layout for the", "keyboard focus in the", "dark colours for the", "skeleton for the"])} ${plain(word)}`,
    files: [sourceChange(random, path, word)],
  };
}

function library(random: Random, word: string): Draft {
  const name = random.pick(libraries);
  const path = `libs/${name}/src/${word}.ts`;
  return {
    title: `${random.pick(["fix", "feat", "perf"])}(libs/${name}): ${random.pick(["stricter", "simpler", "typed", "faster"])} ${plain(word)}`,
    files: [sourceChange(random, path, word), testChange(random, `libs/${name}/test/${word}.test.ts`, word)],
  };
}

function docs(random: Random, word: string): Draft {
  return {
    title: `docs: ${random.pick(["how we handle the", "runbook for the", "fix links about the"])} ${plain(word)}`,
    files: [docsChange(random, `docs/${random.pick(["guides", "runbooks", "adr"])}/${word}.md`, plain(word))],
  };
}

function dependency(random: Random): Draft {
  const name = random.pick(["undici", "zod", "pino", "fastify", "prisma", "react", "vite", "esbuild", "grpc", "redis"]);
  const [from, to] = [`${random.int(1, 9)}.${random.int(0, 20)}.0`, `${random.int(10, 19)}.${random.int(0, 20)}.1`];
  const lock = modified("package-lock.json", [
    {
      at: random.int(100, 9_000),
      lines: [`     "node_modules/${name}": {`, `-      "version": "${from}",`, `+      "version": "${to}",`],
    },
  ]);
  const line = modified("package.json", [
    { at: random.int(20, 90), lines: [`-    "${name}": "${from}",`, `+    "${name}": "${to}",`] },
  ]);
  return { title: `chore(deps): update ${name} to ${to}`, files: [line, lock] };
}

function infrastructure(random: Random, word: string, service: string): Draft {
  const path = random.pick([
    `infra/terraform/${service}/main.tf`,
    `infra/kubernetes/${service}/values.yaml`,
    `infra/dashboards/${service}.json`,
  ]);
  return {
    title: `chore(infra): ${random.pick(["tag", "tidy", "resize", "document"])} ${service} ${plain(word)}`,
    files: [
      modified(path, [
        { at: random.int(5, 60), lines: ["   tags = {", `-    team = "core"`, `+    team = "${service}"`, "   }"] },
      ]),
    ],
  };
}

function workflow(random: Random, word: string): Draft {
  const path = `.github/workflows/${random.pick(["test", "release", "nightly"])}.yaml`;
  return {
    title: `ci: ${random.pick(["cache", "split", "speed up"])} the ${plain(word)} job`,
    files: [
      modified(path, [
        { at: random.int(10, 60), lines: ["       with:", "-          fetch-depth: 0", "+          fetch-depth: 1"] },
      ]),
    ],
  };
}

function migration(random: Random, word: string, service: string): Draft {
  const number = random.int(20, 90);
  const table = word.replaceAll("-", "_");
  const path = `services/${service}/db/migrations/00${number}_${table}.up.sql`;
  return {
    title: `feat(${service}): index for the ${plain(word)}|requires migrations`,
    files: [
      added(path, `create index concurrently ${table}_created_at on ${table} (created_at);\n`),
      sourceChange(random, languageOf(service).file(`services/${service}`, word), word),
    ],
  };
}

function maybeBody(random: Random, word: string): { readonly body?: string } {
  return random.chance(0.25)
    ? { body: `Customers saw a wrong ${plain(word)} in some cases.\n\nCloses #${random.int(100, 4_000)}.` }
    : {};
}

function plain(word: string): string {
  return word.replaceAll("-", " ");
}
