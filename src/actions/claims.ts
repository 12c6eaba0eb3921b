import { deleteNodeClaim, listNodeClaims } from "#clients/kubernetes/karpenter.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import type { NodeRef } from "#domain/intent.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { type ActionContext, refused } from "./action.ts";
import { forbidsKarpenter } from "./pods.ts";
import { tryWrite } from "./write.ts";

/** Karpenter's NodeClaim behind a node. */
export interface Claim {
  readonly name: string;
  readonly uid: string;
  /** Its owner said that Karpenter must leave it alone. */
  readonly keep: boolean;
}

type Claims = { readonly kind: "claims"; readonly of: ReadonlyMap<string, Claim> } | ReturnType<typeof refused>;

/** NodeClaims by the name of their node; they are asked for only where a node says that Karpenter bought it. */
export async function readClaims(connection: KubeConnection, nodes: readonly KubeNode[]): Promise<Claims> {
  const bought = nodes.find(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] !== undefined);
  if (!bought) return { kind: "claims", of: new Map() };
  try {
    const claims = await listNodeClaims(connection);
    const named = claims.flatMap(({ metadata, status }): [string, Claim][] =>
      status?.nodeName ? [[status.nodeName, { name: metadata.name, uid: metadata.uid, keep: forbidsKarpenter(metadata) }]] : [],
    );
    return { kind: "claims", of: new Map(named) };
  } catch (error) {
    if (error instanceof TemporaryError) throw error;
    return refused(withoutRight(bought.metadata.name, "read", messageOf(error)));
  }
}

/** Deletes a node's claim as a dry run: it shows a missing right before a person decides. */
export async function rehearseRelease({ connection }: ActionContext, { name, claim }: NodeRef) {
  if (!claim) return undefined;
  const tried = await tryWrite(() => deleteNodeClaim(connection, claim, { dryRun: true }));
  return tried.kind === "refused" ? refused(withoutRight(name, "delete", tried.text)) : undefined;
}

/** Why a claim could not be read or deleted. */
export function withoutRight(node: string, verb: "read" | "delete", why: string): string {
  return `Karpenter owns ${node}, and its NodeClaim could not be ${verb === "read" ? "read" : "deleted"}; the rights for it are in deploy/karpenter.yaml. ${why}`;
}
