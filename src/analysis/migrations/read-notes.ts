/** The reason that a deleted migration carries. */
export const REMOVED = "Its file was deleted";
