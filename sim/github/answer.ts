/** What a route answers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly link?: string;
}

/** 200 with a body. */
export function ok(body: unknown, link?: string): Answer {
  return { status: 200, body, ...(link ? { link } : {}) };
}

/** GitHub's error shape. */
export function refusal(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) } };
}

/** GitHub's 404, which also stands for "not allowed". */
export function notFound(): Answer {
  return refusal(404, "Not Found");
}
