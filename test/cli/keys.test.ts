import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { parsePrivateKey, parsePublicKey } from "#lib/signature.ts";
import { why } from "./why.ts";

test("k8s-why keys prints a pair as two lines for the environment, another one each time", async () => {
  const { code, out } = await why(["keys"]);
  expect(code).toBe(0);
  const lines = out.trim().split("\n");
  const [signing = "", verifying = ""] = lines.map((line) => /^K8S_WHY_\w+="(.*)"$/.exec(line)?.[1]);
  expect(lines).toHaveLength(2);
  expect(createPublicKey(parsePrivateKey(signing)).equals(parsePublicKey(verifying))).toBe(true);
  expect((await why(["keys"])).out).not.toBe(out);
});
