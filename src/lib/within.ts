import { TemporaryError } from "./errors.ts";

/** What `work` gives, or a TemporaryError once it has taken `ms` wall milliseconds; `work` itself goes on. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TemporaryError(`Cannot ${what}: it took longer than ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
