/** Answers once given, for the last `most` keys: what comes again gets the same answer and acts no second time. */
export interface Recent<T> {
  /** Runs `answer` for a new key, else gives back what the first run gives. A failed run is forgotten, so that it may be tried again. */
  once(key: string, answer: () => Promise<T>): Promise<T>;
}

/** Bolt does not recognise Slack's repeats: keys are `trigger_id` and `event_id`. */
export function createRecent<T>(most = 2_000): Recent<T> {
  const answers = new Map<string, Promise<T>>();
  return {
    once: (key, answer) => {
      const known = answers.get(key);
      if (known !== undefined) return known;
      const given = answer();
      answers.set(key, given);
      given.catch(() => answers.delete(key));
      const [oldest] = answers.keys();
      if (answers.size > most && oldest !== undefined) answers.delete(oldest);
      return given;
    },
  };
}
