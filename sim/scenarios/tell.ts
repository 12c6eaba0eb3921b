import { opsgenieAlert } from "./alert.ts";
import { objectsOf, repositoryOf } from "./scene-data.ts";
import type { Person } from "#sim/github/types.ts";
import type { Scene } from "./scene.ts";
import type { Manifest, Story, StoryEvent } from "./story.ts";

/** The person at a place in the company; the first is on call. */
export function personOf(scene: Scene, index: number): Person {
  return scene.people[index % scene.people.length] as Person;
}

/** Opsgenie's alert about the service. */
export function alertAt(scene: Scene, minute: number, what: string): StoryEvent {
  const { namespace, service } = scene.place;
  return {
    kind: "alert",
    at: minute,
    payload: opsgenieAlert(scene.random.fork("alert"), { namespace, service, at: scene.at(minute), what }),
  };
}

/** What is special about a story; `historyLength` commits were there before its first minute, and `objects` beside the usual ones. */
export type Plot = Pick<Story, "name" | "title" | "minutes" | "events" | "truth" | "author" | "nodeSeconds"> & {
  readonly historyLength: number;
  readonly objects?: readonly Manifest[];
  readonly maxNodes?: number;
};

/** A story from its scene and its plot. */
export function storyOf(scene: Scene, plot: Plot): Story {
  const { name, title, minutes, events, truth, author, historyLength } = plot;
  const { seed, startsAt, service, past } = scene;
  return {
    name,
    seed,
    title,
    startsAt,
    minutes,
    service: { namespace: service.namespace, name: service.name, directory: `services/${service.name}` },
    nodes: 10,
    maxNodes: plot.maxNodes ?? 210,
    ...(plot.nodeSeconds === undefined ? {} : { nodeSeconds: plot.nodeSeconds }),
    objects: objectsOf(scene, plot.objects),
    databases: service.database ? { [service.database]: 1 } : {},
    past,
    repository: repositoryOf(scene, historyLength),
    events,
    onCall: personOf(scene, 0),
    ...(author ? { author } : {}),
    owner: personOf(scene, 1),
    colleagues: [personOf(scene, 6), personOf(scene, 7)],
    truth,
  };
}
