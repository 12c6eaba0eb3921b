/** Texts of a card that hold a `<` or `>` that is no token of our own, hidden characters, or a call to a whole channel. */
export function strays(value: unknown): string[] {
  return textsOf(value).filter((text) => {
    const rest = text.replace(
      /<(!date\^\d+\^[^<>|]*\|[^<>|]*|https?:\/\/[^<>|\s]+\|[^<>|]*|@[UW][A-Z0-9_]+|#[CG][A-Z0-9_]+|!subteam\^S[A-Z0-9_]+)>/g,
      "",
    );
    return (
      /[<>]|\p{Cf}|@channel|@here|@everyone/iu.test(rest) || /\p{Cc}/u.test(rest.replaceAll("\n", "")) || !text.isWellFormed()
    );
  });
}

/** Every `text` in a card, however deep. */
export function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "text" && typeof inner === "string" ? [inner] : textsOf(inner),
  );
}
