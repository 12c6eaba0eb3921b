import { build } from "esbuild";

/** The page's script and style, held in memory. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** Bundles the page's React app; nothing is written to disk and nothing comes from elsewhere. */
export async function bundlePage(): Promise<Bundle> {
  const client = `${import.meta.dirname}/client`;
  const result = await build({
    entryPoints: [`${client}/main.tsx`, `${client}/style.css`],
    outdir: client,
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const textOf = (ending: string): string => result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  return { script: textOf(".js"), style: textOf(".css") };
}
