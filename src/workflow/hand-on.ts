/**
 * Makes a result and gives it away. Where it cannot be given, as when Redis goes away meanwhile, it is kept while this process lives: the next try gives that one,
 * so that what was done is not done again, and what was sent is not forgotten.
 */
export function createHandOn<T>() {
  const kept = new Map<string, T>();
  return async (
    id: string,
    { make, give }: { readonly make: () => Promise<T>; readonly give: (result: T) => Promise<void> },
  ): Promise<void> => {
    const result = kept.get(id) ?? (await make());
    kept.set(id, result);
    await give(result);
    kept.delete(id);
  };
}
