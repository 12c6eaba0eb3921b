/** What a path is, as far as its name tells. A path can be several. */
export interface FileKinds {
  readonly test: boolean;
  readonly docs: boolean;
  /** Continuous integration and developers' tools. */
  readonly tooling: boolean;
  /** Written by a program: lock files, generated code, vendored code. */
  readonly generated: boolean;
  /** Names or pins other people's code. */
  readonly dependency: boolean;
  readonly settings: boolean;
  readonly schema: boolean;
  /** Pictures, styles, templates of pages, translations. */
  readonly asset: boolean;
  /** Those that hold. */
  readonly names: readonly FileKind[];
}

const KIND_NAMES = ["test", "docs", "tooling", "generated", "dependency", "settings", "schema", "asset"] as const;
/** What a file can be. */
export type FileKind = (typeof KIND_NAMES)[number];

const TEST =
  /(^|\/)(tests?|__tests__|testdata|specs?|fixtures?|e2e|cypress|__snapshots__)\/|[._-](test|spec|jest|enzyme)\.|_test\.|(^|\/)(test_|conftest\.)/;
const DOCS =
  /\.(md|mdx|rst|txt|adoc)$|(^|\/)(docs?|documentation)\/|(^|\/)(LICENSE|AUTHORS|CHANGELOG|NOTICE|OWNERS|CODEOWNERS)(\.[a-z]+)?$/;
const TOOLING =
  /(^|\/)(\.github|\.circleci|\.gitlab[^/]*|ci)\/|(^|\/)(\.travis\.yml|\.gitlab-ci\.yml|Jenkinsfile|\.eslint|\.prettier|\.pre-commit|\.flake8|\.isort)/;
const GENERATED =
  /__generated__|\.pb\.go$|(^|\/)(vendor|node_modules|third_party)\/|\.(lock|snap|tgz)$|package-lock|go\.sum$|\.min\.[a-z]+$/;
const DEPENDENCY =
  /(^|\/)(package\.json|yarn\.lock|package-lock\.json|pnpm-lock\.yaml|go\.(mod|sum)|requirements[^/]*\.txt|requirements\/[^/]*|Gemfile(\.lock)?|Cargo\.(toml|lock)|pyproject\.toml|poetry\.lock|uv\.lock|pom\.xml|build\.gradle(\.kts)?|composer\.(json|lock)|DEPS)$/;
const SETTINGS = /\.(ya?ml|toml|ini|cfg|conf|json|env|properties|tf|tfvars|star|tpl)$|(^|\/)Dockerfile/;
const SCHEMA = /migrat|schema|\.sql$/i;
const ASSET = /\.(png|svg|jpe?g|gif|ico|woff2?|css|scss|less|styl|html|jinja2?|jade|pug|po|pot|mo)$/;

/** The same paths come again and again: what was read of so many is kept. */
const KEPT = 100_000;
const kept = new Map<string, FileKinds>();

/** A path's kinds, as its name tells them; of paths longer than 400 characters the end is read. */
export function fileKinds(path: string): FileKinds {
  const known = kept.get(path);
  if (known) return known;
  const kinds = readKinds(path.length > 400 ? path.slice(-400) : path);
  const read = { ...kinds, names: KIND_NAMES.filter((name) => kinds[name]) };
  if (kept.size >= KEPT) kept.clear();
  kept.set(path, read);
  return read;
}

function readKinds(path: string): Readonly<Record<FileKind, boolean>> {
  return {
    test: TEST.test(path),
    docs: DOCS.test(path),
    tooling: TOOLING.test(path),
    generated: GENERATED.test(path),
    dependency: DEPENDENCY.test(path),
    settings: SETTINGS.test(path),
    schema: SCHEMA.test(path),
    asset: ASSET.test(path),
  };
}

/** The place a path belongs to: its first two directories, its only directory, or, at the top, itself. */
export function placeOf(path: string): string {
  const first = path.indexOf("/");
  if (first < 0) return path;
  const second = path.indexOf("/", first + 1);
  return second < 0 ? path.slice(0, first) : path.slice(0, second);
}
