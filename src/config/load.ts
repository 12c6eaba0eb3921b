import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { z } from "zod";
import { ConfigurationError, messageOf } from "#lib/errors.ts";
import { crossProblems, environmentSchema, type Environment } from "./environment.ts";
import { missingTokens } from "./tell.ts";
import { fileSchema, type FileConfiguration } from "./file.ts";

export interface Configuration {
  readonly environment: Environment;
  readonly file: FileConfiguration;
}

/** Reads the environment and the configuration file; throws ConfigurationError with every problem at once. */
export async function loadConfiguration(variables: NodeJS.ProcessEnv): Promise<Configuration> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const environment = environmentSchema.safeParse(given);
  const problems = environment.success ? [] : sentences(environment.error, "Environment variable");
  problems.push(...crossProblems(given));
  const path = environment.data?.K8S_WHY_CONFIG ?? given["K8S_WHY_CONFIG"] ?? "k8s-why.yaml";
  const file = await readFileConfiguration(path, problems);
  if (file) problems.push(...missingTokens(file.slack, given));
  if (problems.length > 0 || !environment.success || !file) throw new ConfigurationError(problems);
  return { environment: environment.data, file };
}

/** Reads the configuration file alone; throws ConfigurationError with every problem in it. */
export async function loadFile(variables: NodeJS.ProcessEnv): Promise<FileConfiguration> {
  const problems: string[] = [];
  const file = await readFileConfiguration(variables["K8S_WHY_CONFIG"]?.trim() || "k8s-why.yaml", problems);
  if (!file) throw new ConfigurationError(problems);
  return file;
}

async function readFileConfiguration(path: string, problems: string[]): Promise<FileConfiguration | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    problems.push(
      `Cannot read the configuration file "${path}": ${messageOf(error)}. Start from k8s-why.example.yaml, or name another with K8S_WHY_CONFIG.`,
    );
    return undefined;
  }
  try {
    const parsed = fileSchema.safeParse(parse(text, { maxAliasCount: 20 }) ?? {});
    if (!parsed.success) problems.push(...sentences(parsed.error, `In "${path}":`));
    return parsed.data;
  } catch (error) {
    problems.push(`Cannot read "${path}" as YAML: ${messageOf(error)}`);
    return undefined;
  }
}

function sentences(error: z.ZodError, where: string): string[] {
  return error.issues.map((issue) => {
    const name = issue.path.map(String).join(".");
    if (issue.code === "invalid_type" && issue.input === undefined) return `${where} ${name} is missing.`;
    return `${where} ${name ? `${name}: ` : ""}${issue.message}.`.replace(/\.\.$/, ".");
  });
}
