import { expect, it } from "vitest";
import { findPlace } from "#sim/page/client/permalink.ts";

const here = "http://127.0.0.1:4000";

it.each([
  [`${here}/archives/C0INCIDENTS/p1772452800000100`, { channel: "C0INCIDENTS", ts: "1772452800.000100" }],
  [`${here}/archives/C0INCIDENTS/p1772452800000100?thread_ts=1.2`, { channel: "C0INCIDENTS", ts: "1772452800.000100" }],
  [`${here}/archives/C0INCIDENTS`, undefined],
  [`${here}/archives/C0/../../p1772452800000100`, undefined],
  [`${here}0/archives/C0INCIDENTS/p1772452800000100`, undefined],
  ["https://github.com/acme/shop/commit/9f1c2ab", undefined],
])("%s leads to %j", (url, place) => expect(findPlace(url, here)).toEqual(place));
