import type { Redis } from "ioredis";
import type { ClaimPort, IntentPort, MessagePort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readIntent } from "./door.ts";
import type { Keys } from "./keys.ts";
import { readMessageRef } from "./outbox-door.ts";

/** Claims. `forMs` is wall time: Redis counts it, and it knows no other clock. */
export function createClaims(redis: Redis, keys: Keys): ClaimPort {
  const release = createScript(redis, releaseLua);
  return {
    claim: (name, owner, forMs) =>
      ask(
        `claim "${name}"`,
        async () => (await redis.set(keys.claim(name), owner, "PX", Math.max(1, Math.ceil(forMs)), "NX")) === "OK",
      ),
    claimOwner: (name) => ask(`read the claim "${name}"`, async () => (await redis.get(keys.claim(name))) ?? undefined),
    release: async (name, owner) => {
      await ask(`release "${name}"`, () => release([keys.claim(name)], [owner]));
    },
  };
}

const releaseLua = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Which Slack message shows what: a hash for each incident, forgotten with it. */
export function createMessages(redis: Redis, keys: Keys, log: Log): MessagePort {
  return {
    findMessage: (incidentId, part) =>
      ask("read a message's place", async () => readMessageRef(await redis.hget(keys.messages(incidentId), part), log)),
  };
}

/** What was shown to a person, by digest. `forMs` is wall time. */
export function createIntents(redis: Redis, keys: Keys, log: Log): IntentPort {
  return {
    saveIntent: async (digest, intent, forMs) => {
      await ask("write an intent", () =>
        redis.set(keys.intent(digest), JSON.stringify(intent), "PX", Math.max(1, Math.ceil(forMs))),
      );
    },
    findIntent: (digest) => ask("read an intent", async () => readIntent(await redis.get(keys.intent(digest)), log)),
  };
}
