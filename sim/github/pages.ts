import type { Repository } from "./repository.ts";
import type { Commit, FileChange } from "./types.ts";

/** The page that a link to a commit, a comparison or a pull request opens; undefined for anything else. */
export function renderPage(repositories: ReadonlyMap<string, Repository>, url: URL): string | undefined {
  const match = /^\/([^/]+\/[^/]+)\/(commit|compare|pull)\/(.+)$/.exec(decodeURIComponent(url.pathname));
  const repository = repositories.get(match?.[1] ?? "");
  if (!match || !repository) return undefined;
  const [, , kind, name = ""] = match;
  if (kind === "compare") return renderComparison(repository, name);
  const found = kind === "pull" ? repository.findPull(Number(name)) : oneCommit(repository, name);
  return found ? renderCommit(repository, found) : undefined;
}

function oneCommit(repository: Repository, name: string): Commit | undefined {
  const found = repository.resolve(name);
  return found.kind === "one" ? found.commit : undefined;
}

function renderCommit(repository: Repository, commit: Commit): string {
  const [title = "", ...body] = commit.message.split("\n");
  const head = `<h1>${escape(title)}</h1><p>${escape(commit.author.name)} (${escape(commit.author.login)}), ${new Date(commit.at).toUTCString()}, <code>${commit.sha}</code></p>`;
  return html(repository, title, `${head}<pre>${escape(body.join("\n").trim())}</pre>${commit.files.map(renderFile).join("")}`);
}

function renderComparison(repository: Repository, name: string): string | undefined {
  const [base = "", head = ""] = name.split("...");
  const [from, to] = [oneCommit(repository, base), oneCommit(repository, head)];
  if (!from || !to) return undefined;
  const { ahead, files } = repository.compare(from, to);
  const line = (commit: Commit) =>
    `<li><a href="/${repository.fullName}/commit/${commit.sha}"><code>${commit.sha.slice(0, 7)}</code></a> ${escape(commit.message.split("\n")[0] ?? "")}, ${escape(commit.author.name)}</li>`;
  return html(
    repository,
    name,
    `<h1>${from.sha.slice(0, 7)}...${to.sha.slice(0, 7)}</h1><ol>${ahead.map(line).join("")}</ol>${files.map(renderFile).join("")}`,
  );
}

function renderFile(file: FileChange): string {
  const colour = (line: string) =>
    line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : line.startsWith("@@") ? "at" : "";
  const lines = (file.patch ?? "").split("\n").map((line) => `<span class="${colour(line)}">${escape(line)}</span>`);
  return `<h2>${escape(file.path)} <small>${file.status}, +${file.additions} -${file.deletions}</small></h2><pre>${lines.join("\n")}</pre>`;
}

function html(repository: Repository, title: string, body: string): string {
  const style =
    "body{font:15px/1.5 system-ui;margin:2em auto;max-width:70em;padding:0 1em}pre{background:#f6f8fa;padding:.7em;overflow:auto}h1{font-size:1.4em}h2{font-size:1em}.add{background:#dafbe1}.del{background:#ffebe9}.at{color:#57606a}";
  return `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title><style>${style}</style><p><b>${escape(repository.fullName)}</b> on the demo's local GitHub</p>${body}`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
