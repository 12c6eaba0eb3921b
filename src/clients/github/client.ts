import { Octokit } from "@octokit/core";
import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { TemporaryError } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { createClock } from "#lib/clock.ts";
import { type Absent, toAbsent } from "./failure.ts";

export interface GitHubClientOptions {
  /** `https://api.github.com`, or the API of GitHub Enterprise. */
  readonly apiUrl: string;
  readonly token?: string | undefined;
  readonly appId?: string | undefined;
  /** PEM; line breaks may be written `\n`. */
  readonly privateKey?: string | undefined;
  readonly log: Log;
  /** Wall milliseconds that one request may take; 8,000. */
  readonly answerWithinMs?: number;
  /** Wall milliseconds before the first of two retries; 400. The second waits four times as long. */
  readonly retryAfterMs?: number;
}

/** One page of an answer, unchecked. */
interface Found {
  readonly kind: "found";
  readonly data: unknown;
  /** There is a next page. */
  readonly more: boolean;
}

export interface GitHubClient {
  /**
   * GET below `/repos/{owner}/{repo}`: `get("acme/shop", "/commits/{ref}", { ref, page: 2 })`. What the path does not name goes into the query.
   * Throws TemporaryError when GitHub is away, slow or out of quota; an Error in a sentence for anything else that is not there or not "absent".
   */
  get(repository: string, path: string, query?: Readonly<Record<string, string | number>>): Promise<Found | Absent>;
}

/** A rate limit that ends this soon is waited for; a longer one is the job's to wait for. Seconds. */
const shortWaitSeconds = 2;
const retries = 2;
const wall = createClock();
const ThrottledOctokit = Octokit.plugin(retry, throttling);

/** Talks to GitHub's REST API with a token, or as an app through the installation of each repository's owner. */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { token, appId, privateKey } = options;
  const octokits =
    appId && privateKey
      ? createInstallations(options, { appId, privateKey: toPem(privateKey) })
      : oneFor(createOctokit(options, token ? { auth: token } : {}));
  return {
    get: async (repository, path, query = {}) => {
      const [owner = "", repo = ""] = repository.split("/");
      const octokit = await octokits.find(owner, repo);
      try {
        const { data, headers } = await octokit.request(`GET /repos/{owner}/{repo}${path}`, { ...query, owner, repo });
        if (typeof data !== "object")
          throw new TemporaryError(`Cannot read GitHub's answer about "${repository}": it is not whole`);
        return { kind: "found", data, more: /rel="next"/.test(headers.link ?? "") };
      } catch (error) {
        if (error instanceof TemporaryError) throw error;
        return orForget(
          () => toAbsent(error, `read "${repository}" from GitHub`, wall.now()),
          () => octokits.forget(owner),
        );
      }
    },
  };
}

interface Octokits {
  find(owner: string, repo: string): Promise<Octokit>;
  /** After a refusal: the app may have been installed anew. */
  forget(owner: string): void;
}

function oneFor(octokit: Octokit): Octokits {
  return { find: async () => octokit, forget: () => {} };
}

/** Octokits by owner; each signs in as the app's installation there and renews its token by itself. */
function createInstallations(
  options: GitHubClientOptions,
  app: { readonly appId: string; readonly privateKey: string },
): Octokits {
  const signedInAsApp = createOctokit(options, { authStrategy: createAppAuth, auth: app });
  const known = new Map<string, Promise<Octokit>>();
  const read = async (owner: string, repo: string): Promise<Octokit> => {
    const what = `find the app's installation for "${owner}/${repo}" on GitHub`;
    try {
      const { data } = await signedInAsApp.request("GET /repos/{owner}/{repo}/installation", { owner, repo });
      return createOctokit(options, { authStrategy: createAppAuth, auth: { ...app, installationId: data.id } });
    } catch (error) {
      toAbsent(error, what, wall.now());
      throw new Error(`Cannot ${what}: the app is not installed there`, { cause: error });
    }
  };
  const forget = (owner: string) => void known.delete(owner.toLowerCase());
  return {
    forget,
    find: async (owner, repo) => {
      const found = known.get(owner.toLowerCase()) ?? read(owner, repo);
      known.set(owner.toLowerCase(), found);
      try {
        return await found;
      } catch (error) {
        forget(owner);
        throw error;
      }
    },
  };
}

function orForget<T>(read: () => T, forget: () => void): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TemporaryError)) forget();
    throw error;
  }
}

function createOctokit(
  { apiUrl, log, answerWithinMs = 8_000, retryAfterMs = 400 }: GitHubClientOptions,
  identity: object,
): Octokit {
  const say = (level: keyof Log) => (message: string) => log[level]({ from: "octokit" }, message);
  const isShort = (seconds: number, _options: unknown, _octokit: unknown, retried: number) =>
    retried === 0 && seconds <= shortWaitSeconds;
  return new ThrottledOctokit({
    ...identity,
    baseUrl: apiUrl.replace(/\/+$/, ""),
    userAgent: "k8s-why",
    log: { debug: say("debug"), info: say("debug"), warn: say("warn"), error: say("warn") },
    // The body has to arrive within the time as well.
    request: { fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(answerWithinMs) }) },
    retry: { retries, retryAfterBaseValue: retryAfterMs, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
    throttle: { onRateLimit: isShort, onSecondaryRateLimit: isShort },
  });
}

/** Environment files often hold a key on one line. */
function toPem(key: string): string {
  return key.replaceAll(String.raw`\n`, "\n");
}
