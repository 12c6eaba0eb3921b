import { describe, expect, it } from "vitest";
import { ConfigurationError } from "#lib/errors.ts";
import { toJobId } from "#store/job-id.ts";
import { parseRedisUrl } from "#store/redis.ts";

describe("REDIS_URL", () => {
  it.each([
    ["redis://127.0.0.1", { host: "127.0.0.1", port: 6379, db: 0 }],
    [
      "redis://user:p%40ss@cache.internal:6380/2",
      { host: "cache.internal", port: 6380, db: 2, username: "user", password: "p@ss" },
    ],
    ["redis://:secret@[::1]:7000", { host: "::1", port: 7000, db: 0, password: "secret" }],
    ["rediss://cache.internal", { host: "cache.internal", port: 6379, db: 0, tls: { servername: "cache.internal" } }],
    ["unix:///run/redis.sock", { path: "/run/redis.sock", db: 0 }],
    ["/run/redis%20a.sock?db=3", { path: "/run/redis%20a.sock", db: 3 }],
  ])("reads %s", (url, options) => {
    expect(parseRedisUrl(url)).toEqual(options);
  });

  it.each(["", "localhost:6379", "http://localhost", "redis://", "redis://host/abc", "unix://", "/"])(
    "refuses %j in a sentence",
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(ConfigurationError);
    },
  );

  it("never repeats a password", () => {
    expect(() => parseRedisUrl("http://user:secret@host")).toThrow(/^(?!.*secret)/);
  });
});

describe("job ids", () => {
  it("keeps natural ids, and makes the others fit without confusing them", () => {
    expect(toJobId("announce/inc-1")).toBe("announce/inc-1");
    const odd = ["a:b", "a@b", "12", "012", "", "x".repeat(500), "x".repeat(501)].map(toJobId);
    expect(new Set(odd).size).toBe(odd.length);
    expect(odd.filter((id) => id.includes(":") || /^\d*$/.test(id) || id.length > 200)).toEqual([]);
  });
});
