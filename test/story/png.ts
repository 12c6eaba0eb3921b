import { crc32, deflateSync, inflateSync } from "node:zlib";

const signatureLength = 8;
const bytesPerPixel = 3;
/** Levels that a colour keeps, a channel. */
const levels = 32;

/** A browser's screenshot (8 bit RGB) in half the bytes: colours rounded to what an eye tells apart, rows without filters, packed hard. */
export function shrinkPng(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === "IHDR")?.data;
  if (!head || head[8] !== 8 || head[9] !== 2) throw new Error("Cannot shrink the picture: expected a PNG of 8 bit RGB");
  const packed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const rows = unfilter(inflateSync(packed), head.readUInt32BE(0) * bytesPerPixel);
  const tight = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row.map(rounded)])), { level: 9, memLevel: 9 });
  return Buffer.concat([
    png.subarray(0, signatureLength),
    chunk("IHDR", head),
    chunk("IDAT", tight),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function rounded(value: number): number {
  return Math.round((Math.round((value / 255) * (levels - 1)) / (levels - 1)) * 255);
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = signatureLength; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** Each row begins with the number of its filter (https://www.w3.org/TR/png-3/#9Filters). */
function unfilter(raw: Buffer, rowLength: number): Buffer[] {
  const rows: Buffer[] = [];
  for (let at = 0; at < raw.length; at += rowLength + 1) {
    const row = Buffer.from(raw.subarray(at + 1, at + 1 + rowLength));
    const above = rows.at(-1) ?? Buffer.alloc(rowLength);
    restore(row, above, raw[at] ?? 0);
    rows.push(row);
  }
  return rows;
}

function restore(row: Buffer, above: Buffer, filter: number): void {
  for (const [x, value] of row.entries()) {
    const [left = 0, corner = 0] = x < bytesPerPixel ? [] : [row[x - bytesPerPixel], above[x - bytesPerPixel]];
    row[x] = value + foretold(filter, left, above[x] ?? 0, corner);
  }
}

function foretold(filter: number, left: number, above: number, corner: number): number {
  if (filter < 3) return [0, left, above][filter] ?? 0;
  return filter === 3 ? (left + above) >> 1 : paeth(left, above, corner);
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
