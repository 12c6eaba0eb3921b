import { type LookupOptions, lookup } from "node:dns";
import { BlockList, isIP } from "node:net";

/** What must not be reached at a stranger's word: this machine, private and link-local networks, and what can stand for them (RFC 6890). */
const inside = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  inside.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  inside.addSubnet(net, prefix, "ipv6");

/** Is it an address on the public internet? Names are not addresses: false. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(bare);
  return family !== 0 && !inside.check(bare, family === 6 ? "ipv6" : "ipv4");
}

type Found = (error: Error | null, addresses: { address: string; family: number }[] | string, family?: number) => void;

/** A lookup for sockets that finds public addresses only: what is checked is what is connected to. */
export function lookupPublic(hostname: string, options: LookupOptions, found: Found): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return found(error, []);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (!first) return found(new Error(`Cannot connect to "${hostname}": it is no public address`), []);
    if (options.all) found(null, open);
    else found(null, first.address, first.family);
  });
}
