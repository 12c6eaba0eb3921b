/**
 * Makes a result and gives it away. Where it cannot be given, as when Redis goes away meanwhile, it is kept while this process lives: the next try gives that one,
 * so that what was done is not done again, and what was sent is not forgotten. A job that lost its lock and runs a second time beside itself waits for the first.
 */
export function createHandOn<T>() {
  const kept = new Map<string, Promise<T>>();
  const makeOnce = async (id: string, make: () => Promise<T>): Promise<T> => {
    const making = kept.get(id) ?? make();
    kept.set(id, making);
    try {
      return await making;
    } catch (error) {
      kept.delete(id);
      throw error;
    }
  };
  return async (
    id: string,
    { make, give }: { readonly make: () => Promise<T>; readonly give: (result: T) => Promise<void> },
  ): Promise<void> => {
    await give(await makeOnce(id, make));
    kept.delete(id);
  };
}
