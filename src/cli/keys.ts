import type { Command } from "commander";
import { createKeyPair } from "#lib/signature.ts";

const about = `
serve signs each approved step with the private key; agents know it by the public one. Where one process has all roles none is needed:
docs/policy.md says what a pair of your own buys.

Example:
  k8s-why keys >> .env     then move K8S_WHY_SIGNING_KEY to serve, K8S_WHY_VERIFY_KEY to the agents`;

/** `k8s-why keys`: a new pair, as two lines for the environment. */
export function addKeys(program: Command): void {
  program
    .command("keys")
    .description("a new pair of keys for signing approved steps")
    .addHelpText("after", about)
    .action(() => {
      const { privateKey, publicKey } = createKeyPair();
      console.log(`K8S_WHY_SIGNING_KEY="${oneLine(privateKey)}"`);
      console.log(`K8S_WHY_VERIFY_KEY="${oneLine(publicKey)}"`);
    });
}

function oneLine(pem: string): string {
  return pem.trim().replaceAll("\n", String.raw`\n`);
}
