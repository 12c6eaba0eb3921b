/** Somebody with a GitHub account. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly login: string;
}

/** What a commit did to one file. */
export interface FileChange {
  readonly path: string;
  readonly status: "added" | "modified" | "removed";
  readonly additions: number;
  readonly deletions: number;
  /** Unified diff without its file header, as GitHub shows it. */
  readonly patch?: string;
}

/** A commit before it has a place in history. */
export interface NewCommit {
  readonly author: Person;
  /** Clock milliseconds. */
  readonly at: number;
  readonly message: string;
  readonly files: readonly FileChange[];
  /** The pull request that it landed with. */
  readonly pullRequest?: number;
}

/** A commit of history. */
export interface Commit extends NewCommit {
  /** 40 hex digits, derived from its content and parents. */
  readonly sha: string;
  /** First parent first. */
  readonly parents: readonly string[];
}

/** What GitHub knows about a deploy. */
export interface Deployment {
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly at: number;
  readonly by: Person;
}

/** A repository with its whole history, oldest commit first. */
export interface RepositoryData {
  /** `owner/name` */
  readonly fullName: string;
  readonly branch: string;
  readonly commits: readonly Commit[];
  /** Text files that /contents answers, by path. */
  readonly contents?: Readonly<Record<string, string>>;
  readonly deployments?: readonly Deployment[];
}

/** One attempt to deliver a webhook. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly redelivery: boolean;
  /** Wall milliseconds: it is GitHub's own time. */
  readonly deliveredAt: number;
  readonly durationSeconds: number;
  /** 0 when nobody answered. */
  readonly statusCode: number;
  readonly payload: string;
}
