import type { Mutation } from "./mutation.ts";
import { agent } from "./agent.ts";
import { hands } from "./hands.ts";
import { nodes } from "./nodes.ts";
import { people } from "./people.ts";
import { record } from "./record.ts";
import { rollbacks } from "./rollback.ts";

/** Every guarantee that docs/safety.md gives, with the check behind it and the test that holds it. */
export const mutations: readonly Mutation[] = [...people, ...agent, ...hands, ...nodes, ...record, ...rollbacks];
