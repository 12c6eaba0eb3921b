import { vi } from "vitest";

/** Before every test file. Who waits for a condition without saying how long waits as long as a busy machine needs, not Vitest's one second. */
const usual = { timeout: 20_000 };
const { waitFor, waitUntil } = vi;
const patient = (options: Parameters<typeof waitFor>[1] = {}) =>
  typeof options === "number" ? { timeout: options } : { ...usual, ...options };

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
