import { added, modified } from "./diff.ts";
import type { FileChange } from "#sim/github/types.ts";
import type { Random } from "./random.ts";

/** A language of the monorepo and where its files stand in a service. */
export interface Language {
  readonly extension: string;
  file(directory: string, word: string): string;
  test(directory: string, word: string): string;
}

const typescript: Language = {
  extension: "ts",
  file: (directory, word) => `${directory}/src/${word}.ts`,
  test: (directory, word) => `${directory}/test/${word}.test.ts`,
};
const go: Language = {
  extension: "go",
  file: (directory, word) => `${directory}/internal/${word}.go`,
  test: (directory, word) => `${directory}/internal/${word}_test.go`,
};
const python: Language = {
  extension: "py",
  file: (directory, word) => `${directory}/app/${word.replaceAll("-", "_")}.py`,
  test: (directory, word) => `${directory}/tests/test_${word.replaceAll("-", "_")}.py`,
};

/** Languages by service: the first letter decides, so that a service keeps its own. */
export function languageOf(service: string): Language {
  return [typescript, typescript, go, python][service.charCodeAt(0) % 4] ?? typescript;
}

/** TypeScript, whatever the name. */
export const typescriptFiles = typescript;

/** A small ordinary change of a source file. */
export function sourceChange(random: Random, path: string, word: string): FileChange {
  const name = camel(word);
  const at = random.int(8, 140);
  const lines = random.pick(path.endsWith(".go") ? goLines : path.endsWith(".py") ? pythonLines : typescriptLines)(name, random);
  return modified(path, [{ at, lines, within: path.endsWith(".py") ? `def load_${word.replaceAll("-", "_")}(` : name }]);
}

/** A test for a word. */
export function testChange(random: Random, path: string, word: string): FileChange {
  const name = camel(word);
  if (path.endsWith(".ts"))
    return modified(path, [
      {
        at: random.int(20, 80),
        lines: [" });", "", `+it("keeps ${word} when it is empty", () => {`, `+  expect(${name}([])).toEqual([]);`, "+});"],
      },
    ]);
  if (path.endsWith(".go"))
    return modified(path, [
      {
        at: random.int(20, 80),
        lines: [
          " }",
          " ",
          `+func TestEmpty${upper(name)}(t *testing.T) {`,
          `+\tif got := ${name}(nil); len(got) != 0 {`,
          '+\t\tt.Fatalf("got %v", got)',
          "+\t}",
          "+}",
        ],
      },
    ]);
  return modified(path, [
    { at: random.int(20, 80), lines: [" ", `+def test_empty_${word.replaceAll("-", "_")}():`, `+    assert ${name}([]) == []`] },
  ]);
}

/** A page of documentation. */
export function docsChange(random: Random, path: string, word: string): FileChange {
  if (random.chance(0.3)) return added(path, `# ${upper(word)}\n\nHow we handle ${word}, and whom to ask.\n`);
  return modified(path, [
    {
      at: random.int(3, 60),
      lines: [
        ` ## ${upper(word)}`,
        " ",
        `-See the wiki for ${word}.`,
        `+${upper(word)} is owned by the team in CODEOWNERS.`,
        "+Run the tests before a change.",
      ],
    },
  ]);
}

const typescriptLines: readonly ((name: string, random: Random) => string[])[] = [
  (name) => [
    `   const found = await repository.find(id);`,
    `-  return found.${name};`,
    `+  if (!found) return undefined;`,
    `+  return found.${name};`,
  ],
  (name, random) => [
    `   const ${name} = parse(body);`,
    `-  log.info("${name}", ${name});`,
    `+  log.debug({ id: ${name}.id }, "${name} read");`,
    `   return ok(${name}, ${random.int(200, 204)});`,
  ],
  (name, random) => [
    ` export const ${name}Options = {`,
    `-  timeoutMs: ${random.int(1, 4)}_000,`,
    `+  timeoutMs: ${random.int(5, 9)}_000,`,
    `   retries: 2,`,
  ],
  (name) => [
    ` export function ${name}Label(value: Input): string {`,
    `-  return value.name;`,
    "+  return value.name.trim();",
    " }",
  ],
];

const goLines: readonly ((name: string, random: Random) => string[])[] = [
  (name) =>
    [
      `\t${name}, err := s.store.Get(ctx, id)`,
      "-\tif err != nil {",
      "+\tif errors.Is(err, store.ErrNotFound) {",
      "+\t\treturn nil, status.NotFound(id)",
      "+\t}",
      "+\tif err != nil {",
      " \t\treturn nil, err",
      " \t}",
    ].map((line) => (/^[ +-]/.test(line) ? line : ` ${line}`)),
  (name, random) => [
    ` \t${name} := make([]Row, 0)`,
    `-\tctx, cancel := context.WithTimeout(ctx, ${random.int(1, 4)}*time.Second)`,
    `+\tctx, cancel := context.WithTimeout(ctx, ${random.int(5, 9)}*time.Second)`,
    " \tdefer cancel()",
  ],
];

const pythonLines: readonly ((name: string, random: Random) => string[])[] = [
  (name) => [
    `     ${name} = repository.get(key)`,
    `-    return ${name}["value"]`,
    `+    return ${name}.get("value") if ${name} else None`,
  ],
  (name, random) => [
    `     logger = get_logger("${name}")`,
    `-    retries = ${random.int(1, 2)}`,
    `+    retries = ${random.int(3, 5)}`,
    "     return Client(retries=retries)",
  ],
];

function camel(word: string): string {
  return word.replaceAll(/[-_ ](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function upper(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
