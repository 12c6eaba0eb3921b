/** A page of a list, as `page` and `per_page` ask for it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly number: number;
  /** `Link` header, when there are more pages than this one. */
  readonly link?: string;
}

/** Cuts a page and writes the `Link` header that Octokit's pagination follows. */
export function cutPage<T>(all: readonly T[], url: URL, perPage: { readonly default: number; readonly most: number }): Page<T> {
  const size = Math.min(perPage.most, positive(url.searchParams.get("per_page")) ?? perPage.default);
  const number = positive(url.searchParams.get("page")) ?? 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const items = all.slice((number - 1) * size, number * size);
  const to = (page: number, rel: string) => {
    const there = new URL(url);
    there.searchParams.set("page", String(page));
    return `<${there.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [to(number - 1, "prev")] : []),
    ...(number < last ? [to(number + 1, "next"), to(last, "last")] : []),
    ...(number > 1 ? [to(1, "first")] : []),
  ];
  return { items, number, ...(links.length > 0 ? { link: links.join(", ") } : {}) };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}
