import type { MessageRef } from "./store.ts";

/** A message as Slack takes it: blocks, and the text for notifications and screen readers. Plain data. */
export interface CardData {
  readonly text: string;
  readonly blocks: readonly object[];
  /** What stands in the place of Slack's own chart where the workspace does not take it. */
  readonly insteadOfChart?: readonly object[];
}

/** Whether the workspace takes Slack's own chart, as far as it has said. */
export interface ChartPort {
  /** It refused one, not long ago. */
  areChartsRefused(): Promise<boolean>;
  /** Remembered for a day: a workspace that learns to take them gets them. */
  rememberRefusedChart(): Promise<void>;
}

/** What is to be seen in a channel. At most one visible message for each `about` and `part`. */
export interface OutboxMessage {
  /** Id of an incident, or of whatever else it is about; not empty, without `|`. */
  readonly about: string;
  /** Which message about it: `headline`, `timeline`, a reply's natural id. */
  readonly part: string;
  /** Slack id of a channel, or of a person for a DM. Where it was said first it stays. */
  readonly channel: string;
  /** The part in whose thread it stands, in that part's channel. */
  readonly thread?: string;
  readonly card: CardData;
  /** Never edited: what is said again under this key changes nothing. */
  readonly once?: boolean;
}

/** What the program wants to be seen in Slack; it is brought there as soon as Slack's pace allows. */
export interface OutboxPort {
  /** Takes a message, or the new state of one: the latest wins. Resolves once Redis has it, with where it stands already. */
  say(message: OutboxMessage): Promise<MessageRef | undefined>;
}

/** One thing to do in a lane: bring a message to where it should be, or look whether it stands there twice. */
export interface LaneItem {
  readonly kind: "message" | "sweep";
  readonly about: string;
  readonly part: string;
  readonly thread?: string;
  /** Order of saying. */
  readonly seq: number;
  /** When it was said first. All times of lanes are wall milliseconds. */
  readonly at: number;
  /** When it was last posted or edited; without it, it is new. */
  readonly shownAt?: number;
  /** Slack was asked, and what came of it is not known. */
  readonly tried: boolean;
  /** How often it did not work out. */
  readonly attempts: number;
  readonly notBefore: number;
}

/** What holds for a whole channel. */
export interface LaneState {
  /** The moments at which the buckets of posts and of edits are full again. */
  readonly postsAt: number;
  readonly editsAt: number;
  /** Slack takes nothing there: its word for why, since when, and when it is tried again. */
  readonly ill?: { readonly reason: string; readonly since: number; readonly probes: number; readonly probeAt: number };
}

/** A lane, as who holds it sees it. */
export interface Lane {
  readonly items: readonly LaneItem[];
  readonly state: LaneState;
  /** When Redis was seen to be another one than before: its last second may be lost. 0: never. */
  readonly restartedAt: number;
  /** Proof of when it was opened. */
  readonly token: number;
}

/** Where a message stands, and what it shows. */
export interface Shown extends MessageRef {
  /** Of the last post or edit, in wall milliseconds. */
  readonly at: number;
  /** Digest of the card. */
  readonly digest: string;
  /** Somebody deleted it: it is edited no more. */
  readonly gone?: boolean;
}

/** What is known when an item's turn has come. */
export interface Turn {
  /** Undefined: nothing is to be said any more. */
  readonly message?: OutboxMessage;
  readonly version: number;
  readonly shown?: Shown;
  readonly parent?: Shown;
  /** Its parent waits too. */
  readonly parentWaits: boolean;
}

/** What came of an item. */
export interface Settlement {
  readonly item: LaneItem;
  readonly version: number;
  /** Where it stands now. */
  readonly shown?: Shown;
  /** `done`: unless something newer was said meanwhile. `kept`: it waits. `dropped`: whatever was said. */
  readonly what: "done" | "kept" | "dropped";
  /** The item as it waits on. */
  readonly next: LaneItem;
  readonly state: LaneState;
  /** Something to look at later. */
  readonly sweep?: LaneItem;
}

/** Who holds a lane, and for how long after its last sign of life. */
export interface Hold {
  readonly owner: string;
  /** Wall milliseconds. */
  readonly forMs: number;
}

/** The lanes, as their sender needs them: who opened one holds it until it rests, or gives no sign of life any more. */
export interface LanePort {
  /** Channels whose lane is due, and when the next one is. */
  dueLanes(now: number): Promise<{ readonly channels: readonly string[]; readonly nextAt?: number }>;
  /** Undefined: somebody else holds it. */
  openLane(channel: string, hold: Hold, now: number): Promise<Lane | undefined>;
  /** Another sign of life. */
  holdLane(channel: string, hold: Hold): Promise<void>;
  /** Marks an item as tried, before Slack is asked. Undefined: the lane was lost. */
  begin(channel: string, hold: Hold, item: LaneItem): Promise<Turn | undefined>;
  /** Answers with where the message stood already, when that is elsewhere than `shown`. */
  settle(channel: string, hold: Hold, settlement: Settlement): Promise<MessageRef | undefined>;
  /** Lets go of a lane. `nextAt`: when it is due again; without it, when something is said. */
  restLane(channel: string, hold: Hold, lane: Pick<Lane, "token" | "state">, nextAt?: number): Promise<void>;
  /** Channels in which Slack takes nothing. */
  illLanes(): Promise<readonly { readonly channel: string; readonly reason: string; readonly since: number }[]>;
}
