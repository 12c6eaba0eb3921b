import { Fragment, type MouseEvent, type ReactNode } from "react";
import { parseMrkdwn, unescapeText, type Inline } from "#sim/page/mrkdwn.ts";
import type { Json } from "#sim/page/slack.ts";
import type { PageState } from "#sim/page/state.ts";
import { Emoji } from "./emoji-image.tsx";
import { findPlace } from "./permalink.ts";
import { slackDate } from "./times.ts";
import { useWorld } from "./world.ts";

/** A text in Slack's markup. */
export function Mrkdwn({ text }: { readonly text: string }): ReactNode {
  return parseMrkdwn(text).map((paragraph, index) =>
    paragraph.quoted ? (
      <blockquote key={index}>
        <Parts parts={paragraph.parts} />
      </blockquote>
    ) : (
      <div key={index} className="s-lines">
        <Parts parts={paragraph.parts} />
      </div>
    ),
  );
}

/** A plain text, in which only emoji are more than text. */
export function Plain({ text }: { readonly text: string }): ReactNode {
  return unescapeText(text)
    .split(/((?<![\p{L}\p{N}]):[a-z0-9_+-]{2,60}:)/u)
    .map((piece, index) => (
      <Fragment key={index}>{/^:[a-z0-9_+-]{2,60}:$/u.test(piece) ? <Emoji name={piece.slice(1, -1)} /> : piece}</Fragment>
    ));
}

/** A text object of either kind. */
export function TextObject({ value }: { readonly value: unknown }): ReactNode {
  const { type, text } = (value ?? {}) as Json;
  const content = typeof text === "string" ? text : "";
  return type === "mrkdwn" ? <Mrkdwn text={content} /> : <Plain text={content} />;
}

function Parts({ parts }: { readonly parts: readonly Inline[] }): ReactNode {
  return parts.map((part, index) => <Part key={index} part={part} />);
}

function Part({ part }: { readonly part: Inline }): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "bold":
      return <strong>{<Parts parts={part.parts} />}</strong>;
    case "italic":
      return <em>{<Parts parts={part.parts} />}</em>;
    case "strike":
      return <s>{<Parts parts={part.parts} />}</s>;
    case "code":
      return <code>{part.text}</code>;
    case "pre":
      return <pre>{part.text}</pre>;
    case "emoji":
      return <Emoji name={part.name} />;
    default:
      return <Reference part={part} />;
  }
}

type ReferencePart = Extract<Inline, { kind: "link" | "user" | "group" | "channel" | "broadcast" | "date" }>;

function Reference({ part }: { readonly part: ReferencePart }): ReactNode {
  const { state, goTo } = useWorld();
  if (part.kind === "date") return slackDate(part.seconds, part.format, part.fallback);
  if (part.kind !== "link") return <Mention part={part} />;
  const place = findPlace(part.url, state.workspaceUrl);
  if (place) return <ToMessage url={part.url} text={part.text} onGo={() => goTo(place)} />;
  return (
    <a href={part.url} target="_blank" rel="noreferrer">
      {part.text}
    </a>
  );
}

interface ToMessageProps {
  readonly url: string;
  readonly text: string;
  readonly onGo: () => void;
}

/** A link to a message of this workspace: Slack goes there itself. */
function ToMessage({ url, text, onGo }: ToMessageProps): ReactNode {
  const onClick = (event: MouseEvent): void => {
    event.preventDefault();
    onGo();
  };
  return (
    <a href={url} onClick={onClick}>
      {text}
    </a>
  );
}

function Mention({ part }: { readonly part: Exclude<ReferencePart, { kind: "link" | "date" }> }): ReactNode {
  const { state, me } = useWorld();
  const rings = part.kind === "broadcast" || (part.kind === "user" && part.id === me);
  return <span className={rings ? "s-mention s-mention-me" : "s-mention"}>{mentionText(part, state)}</span>;
}

function mentionText(part: Exclude<ReferencePart, { kind: "link" | "date" }>, state: PageState): string {
  if (part.kind === "broadcast") return part.text;
  const name = nameOf[part.kind](state, part.id) ?? part.text ?? part.id;
  return `${part.kind === "channel" ? "#" : "@"}${name}`;
}

const nameOf = {
  user: ({ users }: PageState, wanted: string) => users.find(({ id }) => id === wanted)?.realName,
  group: ({ userGroups }: PageState, wanted: string) => userGroups.find(({ id }) => id === wanted)?.handle,
  channel: ({ channels }: PageState, wanted: string) => channels.find(({ id }) => id === wanted)?.name,
};
