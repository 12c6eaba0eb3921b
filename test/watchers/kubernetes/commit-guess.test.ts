import { expect, test } from "vitest";
import { findCommit } from "#watchers/kubernetes/commit-guess.ts";

const from = (over: Partial<Parameters<typeof findCommit>[0]>) =>
  findCommit({ annotations: {}, labels: {}, images: [], ...over });
const ofImage = (image: string) => from({ images: [{ container: "app", image }] })?.sha;

test("believes our annotation first, then the version label, then the image tag", () => {
  const all = {
    annotations: { "k8s-why.dev/commit": "aaaaaaa1" },
    images: [{ container: "app", image: "web:bbbbbbb2" }],
    labels: { "app.kubernetes.io/version": "v1-ccccccc3" },
  };

  expect(from(all)).toEqual({ sha: "aaaaaaa1", from: "annotation" });
  expect(from({ ...all, annotations: {} })).toEqual({ sha: "ccccccc3", from: "version-label" });
  expect(from({ images: all.images })).toEqual({ sha: "bbbbbbb2", from: "image-tag" });
});

test.each([
  ["registry:5000/shop/web:main-abc1234", "abc1234"],
  ["web:1.4.2-gABC1234", "abc1234"],
  ["web:abc1234@sha256:0123456789abcdef", "abc1234"],
  [`ghcr.io/acme/web:${"0123456789".repeat(4)}`, "0123456789".repeat(4)],
  ["web:sha-7654321", "7654321"],
])("reads the commit out of %s", (image, sha) => {
  expect(ofImage(image)).toBe(sha);
});

test.each([
  "web",
  "web:latest",
  "web:1.4.2",
  "web:20261102",
  "web:build-1793577600",
  "registry:5000/abc1234/web",
  "web@sha256:0123456789abcdef",
  "web:feedface-beta",
  "web:abc123",
  "",
])("sees no commit in %s", (image) => {
  expect(ofImage(image)).toBeUndefined();
});
