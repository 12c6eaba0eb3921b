import { type CallSlack, createCallSlack, webClientOptions } from "./web-client.ts";
import type { Listener } from "./receiver.ts";
import type { LookPort } from "#domain/ports/look.ts";
import type { PeoplePort, PressPort, SlackPort } from "#domain/ports/slack.ts";
import type { QuietMouth } from "#domain/ports/quiet.ts";
import { App } from "@slack/bolt";
import type { ChartPort, LanePort, OutboxPort } from "#domain/ports/outbox.ts";
import type { Log } from "#lib/log.ts";
import type { MessagePort } from "#domain/ports/store.ts";
import type { PicturePort } from "#domain/ports/picture.ts";
import type { HomePort } from "#domain/ports/home.ts";
import type { ReportPort } from "#domain/ports/report.ts";
import type { Tools } from "./listeners/tools.ts";
import { createBoltLog } from "./bolt-log.ts";
import { type Clock, createClock } from "#lib/clock.ts";
import { createDirectory, withGroups } from "./directory.ts";
import { createEar } from "./ear.ts";
import { createIdentity } from "./identity.ts";
import { createPicturePort } from "./picture/picture-port.ts";
import { createQuietMouth } from "./quiet-mouth.ts";
import type { ChartChoice } from "./cards/course.ts";
import { createSlackPort } from "./slack-port.ts";
import { createThreads } from "./threads.ts";
import { createWithoutCalls } from "./names.ts";
import { listenForAsks } from "./listeners/ask.ts";
import { listenForCommands } from "./listeners/command.ts";
import { listenForHome } from "./listeners/home.ts";
import { listenForMentions } from "./listeners/mention.ts";
import { listenForPresses } from "./listeners/press-step.ts";
import { listenForShortcuts } from "./listeners/shortcut.ts";
import { listenForSubmissions } from "./listeners/submit-step.ts";
import { listenForVerdicts } from "./listeners/verdict.ts";
import { type TellPort, tellAllIn } from "#domain/ports/told.ts";
import { messageOf } from "#lib/errors.ts";
import { type Pace, slackPace } from "./outbox/pace.ts";
import { startSending } from "./outbox/start.ts";
import { writable } from "./outbox/report.ts";

export interface BotOptions {
  readonly token: string;
  readonly signingSecret: string;
  /** App-level token: with it Slack is heard by Socket Mode, and not over HTTP. */
  readonly appToken?: string;
  /** Slack's Web API, e.g. `https://slack.com/api/`, or a local one. */
  readonly apiUrl?: string;
  /** Id of the channel in which incidents are told where nothing says otherwise. */
  readonly channel: string;
  /** The workflow's side, once it knows who people are. */
  readonly press: (people: PeoplePort) => PressPort;
  /** What may be looked up. */
  readonly look: (people: PeoplePort) => LookPort;
  /** Reports of incidents. */
  readonly report: (people: PeoplePort) => ReportPort;
  /** What a person sees on the app's page. */
  readonly home: (people: PeoplePort) => HomePort;
  /** User groups that the policy names. */
  readonly groups?: readonly string[];
  /** The process' clock, in ms. */
  readonly now: () => number;
  readonly log: Log;
  /** Who is told of incidents, and where, once it knows who people are; without it everything is told in the one channel, and nobody is called. */
  readonly tell?: (people: PeoplePort) => TellPort;
  /** What is to be said, its lanes, and what stands. */
  readonly outbox: OutboxPort & LanePort & ChartPort & Pick<MessagePort, "findMessage">;
  /** As what headlines show the course; `auto` when left out. */
  readonly chart?: ChartChoice;
  /** Slack user ids of those who are told by DM when Slack takes a message no more. */
  readonly administrators?: readonly string[];
  /** How fast channels are written to; Slack's limits when left out. */
  readonly pace?: Pace;
  /** Where people read the workspace, when it is not the address that Slack's `auth.test` gives. */
  readonly uiUrl?: string;
  /** How long a modal waits for its preview before it says that none came, in wall ms; 30 s when left out. */
  readonly previewPatienceMs?: number;
  /** After how long an answer that is not there yet is said to be worked on, in wall ms; 1.5 s when left out, so that it is read within two. */
  readonly answerPatienceMs?: number;
}

/** The mouth: answers Slack's requests, and says what the workflow has to say. */
export interface Bot {
  /** For `POST /slack/events`: events, interactivity and commands. Absent in Socket Mode. */
  readonly listener?: Listener;
  /** Begins to listen to Slack where that takes a connection of ours (Socket Mode). */
  start(): void;
  readonly slack: SlackPort & QuietMouth;
  readonly pictures: PicturePort;
  /** Who is told of what. */
  readonly tell: TellPort;
  /** Who people are, but for their groups. */
  readonly people: PeoplePort;
  /** Starts to bring what was said to Slack. */
  startSending(): AsyncDisposable;
  /** Undefined when Slack knows us and takes what we say, else a sentence. */
  ready(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Builds the app on Bolt. Opens no port and calls nobody. */
export async function createBot(options: BotOptions): Promise<Bot> {
  const { log } = options;
  const wall = createClock();
  const logger = createBoltLog(log);
  const clientOptions = webClientOptions({ logger, ...(options.apiUrl === undefined ? {} : { apiUrl: options.apiUrl }) });
  const call = createCallSlack(options.token, clientOptions);
  const ear = createEar({ ...options, logger, clientOptions, wall });
  const app = new App({
    token: options.token,
    receiver: ear.receiver,
    logger,
    clientOptions,
    convoStore: false,
    tokenVerificationEnabled: false,
  });
  const people = createDirectory(call, () => wall.now());
  const tell = options.tell?.(people) ?? tellAllIn(options.channel);
  const identity = createIdentity(call, wall);
  const threads = createThreads(() => options.uiUrl ?? identity.workspaceUrl());
  const closing = new AbortController();
  const isStranger = async (user: string) => !["member", "guest"].includes((await people.person(user)).kind);
  listen(app, { ...toolsOf(options, { call, people, wall, closing: closing.signal }), threads, isStranger });
  return {
    ...ear.listening,
    people,
    tell,
    slack: {
      ...createSlackPort({ outbox: options.outbox, tell, call, chart: options.chart ?? "auto", now: options.now, log, threads }),
      ...createQuietMouth({ outbox: options.outbox, identity, uiUrl: options.uiUrl }),
    },
    pictures: createPicturePort({ call, wallNow: wall.now, log }),
    startSending: () => startSending({ ...sendingOf(options), call, identity, threads, wall }),
    ready: async () => ear.problem() ?? (await identity.ready()) ?? (await writable(options.outbox)),
    close: async () => {
      await ear.close();
      closing.abort();
    },
  };
}

function sendingOf({ outbox, administrators = [], pace = slackPace, log }: BotOptions) {
  return { outbox, administrators, pace, log };
}

interface Base {
  readonly call: CallSlack;
  /** Without their groups. */
  readonly people: PeoplePort;
  readonly wall: Clock;
  readonly closing: AbortSignal;
}

/** What listeners have at hand, but for the threads. */
function toolsOf(options: BotOptions, { call, wall, closing, ...base }: Base): Omit<Tools, "threads" | "isStranger"> {
  const { now, log, groups = [], previewPatienceMs = 30_000, answerPatienceMs = 1_500 } = options;
  const people = withGroups(base.people, call, groups, () => wall.now());
  return {
    call,
    now,
    log,
    people,
    press: options.press(people),
    look: options.look(people),
    report: options.report(people),
    home: options.home(people),
    waitForPreview: patience(wall, previewPatienceMs, closing),
    waitForAnswer: patience(wall, answerPatienceMs, closing),
    withoutCalls: createWithoutCalls(call, log),
  };
}

/** Waits so long, or until somebody is no longer interested; true when all of it has passed. */
function patience(wall: Clock, ms: number, closing: AbortSignal): (until?: AbortSignal) => Promise<boolean> {
  return async (until) => {
    const signal = until ? AbortSignal.any([closing, until]) : closing;
    await wall.sleep(ms, signal);
    return !signal.aborted;
  };
}

function listen(app: App, tools: Tools): void {
  listenForPresses(app, tools);
  listenForSubmissions(app, tools);
  listenForCommands(app, tools);
  listenForAsks(app, tools);
  listenForMentions(app, tools);
  listenForHome(app, tools);
  listenForShortcuts(app, tools);
  listenForVerdicts(app, tools);
  app.error(async (error) => tools.log.error({ reason: messageOf(error) }, "A Slack request could not be answered"));
}
