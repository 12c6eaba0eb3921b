/** A JSON object whose shape was not looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** A person or a bot of the workspace. */
export interface SlackUser {
  readonly id: string;
  /** The short name, as in `@nina`. */
  readonly name: string;
  readonly realName: string;
  readonly email?: string;
  readonly isBot?: boolean;
  /** A guest, somebody who has left, or somebody of another workspace. */
  readonly is?: "guest" | "single-channel-guest" | "deleted" | "stranger";
  /** Nobody has followed the link that Slack sent to the address. */
  readonly emailUnconfirmed?: boolean;
  /** Id of the workspace that the account belongs to; this one when left out. */
  readonly team?: string;
  /** IANA name; `Europe/Berlin` when left out. */
  readonly timeZone?: string;
}

/** A channel of the workspace. */
export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  /** User ids; everyone when left out. */
  readonly members?: readonly string[];
  readonly isPrivate?: boolean;
  readonly topic?: string;
  readonly isArchived?: boolean;
}

/** A group of users that can be mentioned together. */
export interface SlackUserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

/** What a message showed from one moment on. */
export interface Version {
  /** Wall time in ms. */
  readonly wallAt: number;
  /** Time of the story's clock in ms. */
  readonly clockAt: number;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly attachments: readonly Json[];
  readonly metadata?: Json;
}

/** A message of a channel; the last version is what people see. */
export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly botId?: string;
  readonly versions: readonly Version[];
  /** Seen by this user only, and by no history call. */
  readonly ephemeralFor?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  /** Set when text was edited: blocks alone leave no mark. */
  readonly edited?: { readonly user: string; readonly ts: string };
  /** Also shown in the channel although it is a reply. */
  readonly broadcast?: boolean;
  /** Ids of files that were shared with it. */
  readonly files?: readonly string[];
}

/** A file of the workspace, or one that is being uploaded. */
export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** What a picture shows, in words. */
  readonly altText?: string;
  /** In bytes, as it was announced. */
  readonly size: number;
  /** Undefined until they have come. */
  readonly bytes?: Buffer;
  /** Wall time in ms at which the upload was finished. */
  readonly completedAt?: number;
  /** Messages that show it. */
  readonly shares: readonly { readonly channel: string; readonly ts: string }[];
  readonly wallAt: number;
}

/** A modal, open or closed, or what the app's page shows to one person. */
export interface View {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly rootViewId: string;
  readonly previousViewId?: string;
  readonly open: boolean;
  /** The view object as the program sent it, with block ids filled in. */
  readonly view: Json;
  /** What it showed before, oldest first. */
  readonly earlier: readonly Json[];
  /** Sentences at block ids, from `response_action: errors`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly wallAt: number;
  readonly clockAt: number;
}

/** One call of the Web API. */
export interface RequestRecord {
  readonly method: string;
  /** Wall time in ms. */
  readonly at: number;
  readonly clockAt: number;
  readonly channel?: string;
  readonly status: number;
  /** Slack's name of the error, when it was one. */
  readonly error?: string;
}

/** What changed, for those who watch. */
export type SlackChange =
  | { readonly kind: "message"; readonly channel: string; readonly ts: string }
  | { readonly kind: "deleted"; readonly channel: string; readonly ts: string }
  | { readonly kind: "view"; readonly id: string }
  | { readonly kind: "channel"; readonly id: string }
  | { readonly kind: "file"; readonly id: string }
  | { readonly kind: "request"; readonly request: RequestRecord };

/** Tells what time it is in the story, in ms. */
export interface SlackClock {
  now(): number;
}
